import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { HoldsPersonalData, NO_BLOCKERS, type PersonalData } from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { IDEMPOTENCY_FORGET } from './http.sql.js';

/** Answers that are kept for 48 hours to be given again; encrypted, and nobody's to read. */
@Injectable()
@HoldsPersonalData({ section: 'kept-answers', order: 50 })
export class HttpPersonalData implements PersonalData {
  async blockers(): Promise<readonly string[]> {
    return NO_BLOCKERS;
  }

  async export() {
    return {};
  }

  async erase(em: EntityManager, customerId: string) {
    return { idempotency_key: (await run(em, IDEMPOTENCY_FORGET, [`customer:${customerId}`])).length };
  }
}
