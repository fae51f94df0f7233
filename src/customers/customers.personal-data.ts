import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  HoldsPersonalData,
  NO_BLOCKERS,
  type PersonalData,
  type StoredRow,
} from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { CONSENT_EXPORT, CUSTOMER_ERASE, CUSTOMER_EXPORT, CUSTOMER_HELD } from './customers.sql.js';

/** The person and what they agreed to. Consents stay without a name: that somebody said no must be provable. */
@Injectable()
@HoldsPersonalData({ section: 'customer', order: 100 })
export class CustomersPersonalData implements PersonalData {
  async blockers(em: EntityManager, customerId: string): Promise<readonly string[]> {
    const held = await run(em, CUSTOMER_HELD, [customerId]);
    return held.length > 0 ? ['The law tells us to keep your data for now.'] : NO_BLOCKERS;
  }

  async export(em: EntityManager, customerId: string) {
    const people = await run<{ row: StoredRow }>(em, CUSTOMER_EXPORT, [customerId]);
    const consents = await run<{ row: StoredRow }>(em, CONSENT_EXPORT, [customerId]);
    return { customer: people.map(({ row }) => row), consent: consents.map(({ row }) => row) };
  }

  async erase(em: EntityManager, customerId: string, now: Date) {
    return { customer: (await run(em, CUSTOMER_ERASE, [customerId, now])).length };
  }
}
