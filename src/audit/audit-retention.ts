import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { KeptForMonths, type KeptForATime } from '../database/retention.js';
import { run } from '../database/statement.js';
import { AUDIT_PAST_COUNT, AUDIT_PAST_DROP } from './audit.sql.js';

/** The log loses whole months; counted in months. */
@Injectable()
@KeptForMonths('audit')
export class AuditRetention implements KeptForATime {
  async count(em: EntityManager, months: number): Promise<number> {
    const [found] = await run<{ rows: number }>(em, AUDIT_PAST_COUNT, [months]);
    return found?.rows ?? 0;
  }

  async cut(em: EntityManager): Promise<number> {
    const [dropped] = await run<{ rows: number }>(em, AUDIT_PAST_DROP);
    return dropped?.rows ?? 0;
  }
}
