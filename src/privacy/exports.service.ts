import { Injectable } from '@nestjs/common';
import { PRIVACY, type CustomerActor, type StaffActor } from '../common/actor.js';
import { NotFound, StepUpRequired } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import type { StoredRow } from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { PersonalDataRegistry } from './personal-data.registry.js';
import { PERSON_LOCK } from './privacy.sql.js';

/** All that is held about a person: sections, tables, rows. */
export interface PersonalExport {
  readonly customerId: string;
  readonly exportedAt: Date;
  readonly sections: Readonly<Record<string, Readonly<Record<string, readonly StoredRow[]>>>>;
}

/** Gives people what is held about them. */
@Injectable()
export class Exports {
  constructor(
    private readonly database: Database,
    private readonly registry: PersonalDataRegistry,
    private readonly audit: AuditLog,
  ) {}

  /** One's own, with a fresh proof; another's and a missing one are the same `NotFound`. */
  async ofSelf(actor: CustomerActor, customerId: string): Promise<PersonalExport> {
    if (customerId !== actor.customerId) throw new NotFound();
    if (!actor.isFresh) throw new StepUpRequired();
    return this.onBehalf(actor, customerId);
  }

  /**
   * Whether the actor may see the person is asked as the actor, whom row-level security binds. Then the system reads: texts to a
   * contact before it was known whose it is have no customer to go by.
   */
  async onBehalf(actor: CustomerActor | StaffActor, customerId: string): Promise<PersonalExport> {
    await this.database.transact(actor, async (em) => {
      const [person] = await run<{ erased: boolean }>(em, PERSON_LOCK, [customerId]);
      if (!person || person.erased) throw new NotFound();
    });
    return this.database.transact(PRIVACY, async (em, now) => {
      const sections = await this.registry.export(em, customerId);
      await this.audit.record(em, actor, {
        action: 'privacy.exported',
        subjectKind: 'customer',
        subjectId: customerId,
      });
      return { customerId, exportedAt: now, sections };
    });
  }
}
