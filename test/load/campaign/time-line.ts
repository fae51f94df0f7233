/** App time that goes on in leaps: when, in real time, an instant of it came. */
export class TimeLine {
  private readonly leaps: { at: number; offsetMs: number }[] = [];

  /** From real time `at` on, app time is ahead by so much. Both in ms. */
  leap(at: number, offsetMs: number): void {
    this.leaps.push({ at, offsetMs });
  }

  /** App time in ms since 1970. */
  now(): number {
    return Date.now() + (this.leaps.at(-1)?.offsetMs ?? 0);
  }

  /** The real time in ms at which app time came to the instant, or leapt over it; null when it has not yet. */
  realTimeOf(instant: number): number | null {
    for (const [index, { at, offsetMs }] of this.leaps.entries()) {
      const until = this.leaps[index + 1]?.at ?? Infinity;
      const real = Math.max(at, instant - offsetMs);
      if (real < until) return real;
    }
    return null;
  }
}
