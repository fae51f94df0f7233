import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { IDEMPOTENCY_PRUNE } from './http.sql.js';

const EVERY_MS = 600_000;

/** Forgets kept answers after their 48 hours of real time. */
@Injectable()
export class IdempotencySweeper {
  constructor(private readonly database: Database) {}

  @Interval(EVERY_MS)
  async prune(): Promise<void> {
    await this.database.transact(WORKER, (em) => run(em, IDEMPOTENCY_PRUNE));
  }
}
