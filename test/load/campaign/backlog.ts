import { setTimeout as pause } from 'node:timers/promises';
import type { OwnDatabase } from '../../support/own-database.js';

const LOOK_EVERY_MS = 500;
/** As many as two nodes do in a few seconds. */
const MOST_DUE = 150;

/** How much is due and not done. Whoever makes more work waits for it: no business books faster for long than its machines send. */
export class Backlog {
  private due = 0;
  private isOver = false;

  constructor(private readonly sql: OwnDatabase['sql']) {}

  /** Looks until `end`. */
  async watch(): Promise<void> {
    while (!this.isOver) {
      const [row] = await this.sql<{ due: number }>(
        `select count(*)::int as due from outbox_message
          where state in ('pending', 'claimed') and due_at <= app_now() and coalesce(retry_at <= now(), true)`,
      ).catch(() => []);
      this.due = row?.due ?? this.due;
      await pause(LOOK_EVERY_MS);
    }
  }

  end(): void {
    this.isOver = true;
  }

  /** Resolves when so little is due that more may come, or nobody looks any more. */
  async caughtUp(): Promise<void> {
    while (this.due > MOST_DUE && !this.isOver) await pause(LOOK_EVERY_MS / 5);
  }
}
