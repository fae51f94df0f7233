import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { AUDIT_LIST } from './audit.sql.js';
import type { AuditedEntry, AuditFilter } from './audit.types.js';

interface AuditRow {
  id: string;
  at_ms: number;
  actor_kind: string;
  actor_id: string | null;
  action: string;
  subject_kind: string | null;
  subject_id: string | null;
  request_id: string | null;
  details: AuditedEntry['details'];
}

/** The audit log, for reading; who may is the route's affair. */
@Injectable()
export class AuditQueries {
  constructor(private readonly database: Database) {}

  /** Newest first; reads one row more than the page shows. */
  async list(actor: StaffActor, query: PageQuery, filter: AuditFilter): Promise<AuditedEntry[]> {
    const cursor = readCursor(query);
    const { action, actorId, subjectId, from, to } = filter;
    const values = [action, actorId, subjectId, from, to, cursor?.at ?? null, cursor?.id ?? null];
    const rows = await this.database.transact(actor, (em) =>
      run<AuditRow>(em, AUDIT_LIST, [...values, pageSize(query) + 1]),
    );
    return rows.map(entryOf);
  }
}

function entryOf(row: AuditRow): AuditedEntry {
  return {
    id: row.id,
    at: new Date(row.at_ms),
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    requestId: row.request_id,
    details: row.details,
  };
}
