import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { actorId, type Actor } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { currentRequestId } from '../common/request-context.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { AUDIT_ENSURE_MONTHS, AUDIT_INSERT } from './audit.sql.js';

/** What happened, to what: ids and codes only, never a name, a contact or a secret. */
export interface AuditEntry {
  action: string;
  subjectKind?: string;
  subjectId?: string;
  details?: Record<string, string | number | boolean | null>;
}

/** The append-only record of sign-ins, denials and changes; the database refuses to alter a row. */
@Injectable()
export class AuditLog {
  constructor(private readonly database: Database) {}

  /** Written with the change it tells of: both commit or neither. */
  async record(em: EntityManager, actor: Actor, entry: AuditEntry): Promise<void> {
    await run(em, AUDIT_INSERT, [
      newId(),
      actor.kind,
      actorId(actor),
      entry.action,
      entry.subjectKind ?? null,
      entry.subjectId ?? null,
      currentRequestId(),
      JSON.stringify(entry.details ?? {}),
    ]);
  }

  /** Committed on its own, whatever becomes of the request: sign-ins, failures and denials. */
  async recordApart(actor: Actor, entry: AuditEntry): Promise<void> {
    await this.database.apart(actor, (em) => this.record(em, actor, entry));
  }

  /** Makes the partitions of this month and the next; months are dropped whole when retention ends. */
  async ensureMonths(em: EntityManager): Promise<void> {
    await run(em, AUDIT_ENSURE_MONTHS);
  }
}
