import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { OutboxMessage, type OutboxState } from '../outbox/entities/outbox-message.entity.js';
import { Outbox } from '../outbox/outbox.service.js';

/** What the owner sees of effects, and the second chance for dead ones. */
@Injectable()
export class OutboxAdmin {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  /** Newest first; reads one row more than the page shows. */
  async list(actor: StaffActor, query: PageQuery, state: OutboxState | undefined): Promise<OutboxMessage[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, (em) =>
      em.find(
        OutboxMessage,
        {
          ...(state ? { state } : {}),
          ...(cursor
            ? {
                $or: [
                  { createdAt: { $lt: new Date(cursor.at) } },
                  { createdAt: new Date(cursor.at), id: { $lt: cursor.id } },
                ],
              }
            : {}),
        },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      ),
    );
  }

  /** Gives a dead effect a fresh set of attempts; anything else is not found. */
  async retry(actor: StaffActor, id: string): Promise<OutboxMessage> {
    return this.database.transact(actor, async (em) => {
      if (!(await this.outbox.revive(em, id))) throw new NotFound();
      await this.audit.record(em, actor, { action: 'outbox.retried', subjectKind: 'outbox', subjectId: id });
      return em.findOneOrFail(OutboxMessage, id);
    });
  }
}
