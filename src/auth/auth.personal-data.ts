import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  HoldsPersonalData,
  NO_BLOCKERS,
  type PersonalData,
  type StoredRow,
} from '../database/personal-data.js';
import { run } from '../database/statement.js';
import { CODE_ERASE, LINK_ERASE, LINK_EXPORT, SESSION_ERASE, SESSION_EXPORT } from './personal-data.sql.js';

/** Where the person is signed in, the links they were sent, and codes on their way. */
@Injectable()
@HoldsPersonalData({ section: 'sign-ins', order: 40 })
export class AuthPersonalData implements PersonalData {
  async blockers(): Promise<readonly string[]> {
    return NO_BLOCKERS;
  }

  async export(em: EntityManager, customerId: string) {
    const sessions = await run<{ row: StoredRow }>(em, SESSION_EXPORT, [customerId]);
    const links = await run<{ row: StoredRow }>(em, LINK_EXPORT, [customerId]);
    return { session: sessions.map(({ row }) => row), manage_link: links.map(({ row }) => row) };
  }

  async erase(em: EntityManager, customerId: string) {
    const codes = await run(em, CODE_ERASE, [customerId]);
    const sessions = await run(em, SESSION_ERASE, [customerId]);
    const links = await run(em, LINK_ERASE, [customerId]);
    return { one_time_code: codes.length, session: sessions.length, manage_link: links.length };
  }
}
