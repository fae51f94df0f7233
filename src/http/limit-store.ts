import { Injectable } from '@nestjs/common';

/** One request counted: whether it fits, how many more do, and in how many seconds the window begins anew. */
export interface Hit {
  readonly fits: boolean;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** Where requests are counted. `now` is a monotonic time in milliseconds; a shared store keeps its own. */
export abstract class LimitStore {
  abstract hit(key: string, max: number, windowMs: number, now: number): Hit | Promise<Hit>;
}

interface Window {
  count: number;
  endsAt: number;
}

/** Beyond this many callers the oldest are forgotten: memory is worth more than an exact count of a flood's addresses. */
const MOST_CALLERS = 100_000;

/** Fixed windows in this process: enough for one process, and for several it only makes limits more generous. */
@Injectable()
export class MemoryLimitStore extends LimitStore {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly mostCallers = MOST_CALLERS) {
    super();
  }

  override hit(key: string, max: number, windowMs: number, now: number): Hit {
    let window = this.windows.get(key);
    if (!window || now >= window.endsAt) {
      if (!window && this.windows.size >= this.mostCallers) this.makeRoom(now);
      window = { count: 0, endsAt: now + windowMs };
      this.windows.set(key, window);
    }
    window.count += 1;
    return {
      fits: window.count <= max,
      remaining: Math.max(0, max - window.count),
      resetSeconds: Math.max(1, Math.ceil(Math.round(window.endsAt - now) / 1000)),
    };
  }

  /** Lets go of windows that have ended, then of the oldest tenth, so that a full store is not searched for every request. */
  private makeRoom(now: number): void {
    for (const [key, { endsAt }] of this.windows) if (endsAt <= now) this.windows.delete(key);
    let surplus = this.windows.size - Math.floor(this.mostCallers * 0.9);
    for (const key of this.windows.keys()) {
      if (surplus <= 0) return;
      this.windows.delete(key);
      surplus -= 1;
    }
  }
}
