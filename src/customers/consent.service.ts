import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { actorId, type Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { run } from '../database/statement.js';
import type { ConsentDecision, Consents } from './consent.types.js';
import { CONSENT_LATEST } from './customers.sql.js';
import { Consent, type ConsentPurpose } from './entities/consent.entity.js';

/** What customers agreed to and refused; rows are only ever added, so every past state can be shown. */
@Injectable()
export class ConsentService {
  constructor(private readonly clock: Clock) {}

  /** Adds decisions to the caller's transaction; they are written with its next flush, at the latest at its end. */
  record(em: EntityManager, actor: Actor, customerId: string, decisions: readonly ConsentDecision[]): void {
    for (const { purpose, granted, source, textVersion } of decisions) {
      em.create(Consent, {
        customerId,
        purpose,
        granted,
        source,
        textVersion,
        actorKind: actor.kind,
        actorId: actorId(actor),
        at: this.clock.now(),
      });
    }
  }

  /** The newest decision of each purpose. */
  async latest(em: EntityManager, customerId: string): Promise<Consents> {
    const rows = await run<{ purpose: ConsentPurpose; granted: boolean }>(em, CONSENT_LATEST, [customerId]);
    return Object.fromEntries(rows.map(({ purpose, granted }) => [purpose, granted]));
  }
}
