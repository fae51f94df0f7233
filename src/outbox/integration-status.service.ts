import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { IntegrationStatus } from './entities/integration-status.entity.js';
import { STATUS_FAILURE, STATUS_SUCCESS } from './integration-status.sql.js';

export type BreakerState = 'closed' | 'open' | 'half-open';

/** A provider that answers all the time says so no more often, in ms of real time. */
const TOLD_EVERY_MS = 2_000;

/** What workers learn of a provider, for `/admin/services/status`, which never calls one itself. */
@Injectable()
export class IntegrationStatusBoard {
  /** When this process last wrote down that all is well with it, and no failure since. */
  private readonly toldWell = new Map<string, number>();

  constructor(private readonly database: Database) {}

  /** The provider answered; written at most every two seconds. */
  async succeeded(name: string): Promise<void> {
    const now = performance.now();
    if (now - (this.toldWell.get(name) ?? -Infinity) < TOLD_EVERY_MS) return;
    this.toldWell.set(name, now);
    await this.database.transact(WORKER, (em) => run(em, STATUS_SUCCESS, [name]));
  }

  /** The provider failed; `error` is in plain words without personal data. */
  async failed(name: string, error: string, breaker: BreakerState): Promise<void> {
    this.toldWell.delete(name);
    await this.database.transact(WORKER, (em) =>
      run(em, STATUS_FAILURE, [name, error.slice(0, 300), breaker]),
    );
  }

  async list(): Promise<IntegrationStatus[]> {
    return this.database.transact(WORKER, (em) => em.find(IntegrationStatus, {}));
  }
}
