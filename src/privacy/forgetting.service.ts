import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SystemActor } from '../common/actor.js';
import { AuditLog } from '../audit/audit.service.js';
import { run } from '../database/statement.js';
import type { ErasureCertificate } from './entities/erasure-request.entity.js';
import { keptFor } from './kept.js';
import { PersonalDataRegistry } from './personal-data.registry.js';
import { LEDGER_ADD } from './privacy.sql.js';
import { RetentionRules } from './retention-rules.service.js';

/** Who had a person forgotten: they or the salon asked, their time was over, or an older state was restored. */
export type Cause = 'asked' | 'retention' | 'replay';

/** Cuts one person everywhere, in the caller's transaction and under the person's lock; it stands in the ledger from then on. */
@Injectable()
export class Forgetting {
  constructor(
    private readonly registry: PersonalDataRegistry,
    private readonly rules: RetentionRules,
    private readonly audit: AuditLog,
  ) {}

  async forget(
    em: EntityManager,
    actor: SystemActor,
    customerId: string,
    now: Date,
    cause: Cause,
  ): Promise<ErasureCertificate> {
    const cut = await this.registry.erase(em, customerId, now);
    await run(em, LEDGER_ADD, [customerId]);
    await this.audit.record(em, actor, {
      action: 'privacy.erased',
      subjectKind: 'customer',
      subjectId: customerId,
      details: { cause },
    });
    return { cut, kept: keptFor(await this.rules.of(em)) };
  }
}
