import { Injectable } from '@nestjs/common';
import { BOOT } from '../common/actor.js';
import { CalledAfterRestore, type Restoration } from '../common/restoration.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { REVOKE_ALL_SESSIONS } from './auth.sql.js';

/** A backup does not know who signed out, or lost their role, after it: everybody signs in again. */
@CalledAfterRestore()
@Injectable()
export class RestoredSessions implements Restoration {
  readonly order = 1;

  constructor(private readonly database: Database) {}

  async afterRestore(): Promise<string[]> {
    const ended = await this.database.transact(BOOT, (em) => run(em, REVOKE_ALL_SESSIONS));
    return [`Ended ${ended.length} sessions: everybody signs in again.`];
  }
}
