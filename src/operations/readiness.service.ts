import { Injectable, Logger } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { MIGRATIONS } from '../database/migrations/migrations.js';
import { run } from '../database/statement.js';
import { Closing } from './closing.js';
import { NotReady } from './operations.errors.js';
import { APPLIED_MIGRATIONS } from './readiness.sql.js';

const LONGEST_MS = 2_000;
const NEEDED = MIGRATIONS.map(({ name }) => name);

/** Whether requests should be sent to this process. */
@Injectable()
export class Readiness {
  private readonly logger = new Logger(Readiness.name);
  private asking: Promise<number> | undefined;

  constructor(
    private readonly database: Database,
    private readonly closing: Closing,
  ) {}

  /**
   * Throws `NotReady` with the reason, or returns how many migrations the database has. The database is asked once for
   * all who ask at the same time, and gets two seconds: this route is open to everyone.
   */
  async prove(): Promise<number> {
    if (this.closing.now) throw new NotReady('The process is ending.');
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    const applied = await within(this.asking, LONGEST_MS);
    if (applied < NEEDED.length) throw new NotReady(`${NEEDED.length - applied} migrations are missing.`);
    return applied;
  }

  /** On the workers' connections: a rush of requests that takes all of theirs must not make every node look dead. */
  private async ask(): Promise<number> {
    try {
      const [row] = await this.database.transact(WORKER, (em) =>
        run<{ applied: number }>(em, APPLIED_MIGRATIONS, [NEEDED]),
      );
      return row?.applied ?? 0;
    } catch (error) {
      this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' });
      throw new NotReady('The database does not answer.');
    }
  }
}

function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotReady('The database does not answer.')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
