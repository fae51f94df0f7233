/**
 * Two clocks that are never mixed. App time decides what the business means by "now" (starts, notice, holds, due
 * times, message text); real time decides leases, tokens, signatures and limits. In production they are the same.
 */
export abstract class Clock {
  /** App time: the database's `app_now()` as this process last saw it. */
  abstract now(): Date;
  /** Real time: never moved by the sandbox. */
  abstract realNow(): Date;
  /** Calls back when the sandbox has moved app time in this process: what was not due may be due now. */
  abstract onMoved(listener: () => void): void;
}

/** Follows the offset that every transaction reads together with `app_now()`. */
export class DatabaseClock extends Clock {
  private offsetMs = 0;
  private readonly listeners: (() => void)[] = [];

  /** Remembers the sandbox's offset in milliseconds, as the database just reported it. */
  follow(offsetMs: number): void {
    this.offsetMs = offsetMs;
  }

  /** To be called by whoever has moved it, after the commit. */
  moved(): void {
    for (const listener of this.listeners) listener();
  }

  onMoved(listener: () => void): void {
    this.listeners.push(listener);
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  realNow(): Date {
    return new Date();
  }
}
