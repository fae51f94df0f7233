import { setTimeout as sleep } from 'node:timers/promises';
import { Unavailable } from '../common/domain-error.js';
import { isAway } from './errors.js';
import { LONGEST_LINE } from './pools.js';

/** A server that is restarted, or another that takes its place, is there again in seconds. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 100;

/** Who waits for a server that went away. */
export class WhileAway {
  private waiting = 0;

  /** Tries again, for five seconds of real time at most, what has not begun because the server is away. */
  async tried<T>(begin: () => Promise<T>): Promise<T> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await begin();
      } catch (error) {
        if (!isAway(error) || performance.now() >= until) throw error;
        if (this.waiting >= LONGEST_LINE) throw new Unavailable();
        this.waiting += 1;
        await sleep(LOOK_EVERY_MS).finally(() => (this.waiting -= 1));
      }
    }
  }
}
