import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  HoldsPersonalData,
  NO_BLOCKERS,
  type PersonalData,
  type StoredRow,
} from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { AUDIT_EXPORT } from './audit.sql.js';

/** Ids and codes only, so that nothing is left to cut; whole months go when their time is over. */
@Injectable()
@HoldsPersonalData({ section: 'audit', order: 60 })
export class AuditPersonalData implements PersonalData {
  async blockers(): Promise<readonly string[]> {
    return NO_BLOCKERS;
  }

  async export(em: EntityManager, customerId: string) {
    const rows = await run<{ row: StoredRow }>(em, AUDIT_EXPORT, [customerId]);
    return { audit_log: rows.map(({ row }) => row) };
  }

  async erase() {
    return {};
  }
}
