import {
  Injectable,
  Logger,
  Optional,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { EffectClaims } from './effect-claims.js';
import { EffectRunner, type ClaimedRow } from './effect.runner.js';
import { EffectWire, type Hint } from './effect-wire.js';
import { failpoint } from '../common/failpoint.js';
import { HandlerRegistry } from './handler.registry.js';
import {
  OUTBOX_CLAIM,
  OUTBOX_DROP_EXPIRED,
  OUTBOX_HINT,
  OUTBOX_NEXT_DUE,
  OUTBOX_RELEASE,
  OUTBOX_TAKE_BACK,
  SUSPECT_AFTER,
} from './outbox.sql.js';
import { LANE_NAMES, LANES, type Lane } from './lanes.js';
import { Wake } from './wake.js';

/** With Redis: due longer than this, and still nobody has come for it. */
const FORGOTTEN_AFTER_S = 15;
const MOST_HINTS = 200;
const DRAIN_MS = 25_000;
/** When so great a part of a lane's places is free again, it is worth looking who waits for them. */
const WORTH_A_LOOK = 1 / 4;
/** Longer than the longest pause between two looks. */
const STUCK_AFTER_MS = 30_000;

/** What a look found, whether there may be more to hint at, and in how many ms something else is due. */
interface Found {
  rows: readonly ClaimedRow[];
  hints: readonly Hint[];
  isFull: boolean;
  next: number | null;
}

/**
 * Finds what is due in PostgreSQL: woken after commits, at the next due time, and at least every `OUTBOX_POLL_MS` whatever else happens.
 * Without Redis it runs what it claims. With Redis it only hints, and claims what nobody came for.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Relay.name);
  private readonly inFlight = new Set<Promise<void>>();
  private readonly inFlightOf = new Map<Lane, number>();
  /** Those whose places were all taken at the last look: somebody may be waiting. */
  private full = new Set<Lane>();
  /** One at a time, so that what takes the process down takes nobody else's turns with it. */
  private suspects = 0;
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private again = false;
  private stopped = true;
  private lookedAt = performance.now();

  constructor(
    private readonly database: Database,
    private readonly registry: HandlerRegistry,
    private readonly runner: EffectRunner,
    private readonly config: Config,
    private readonly wake: Wake,
    private readonly clock: Clock,
    private readonly claims: EffectClaims,
    @Optional() private readonly wire?: EffectWire,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') return;
    this.stopped = false;
    this.wake.onWake(() => this.look());
    this.clock.onMoved(() => this.wake.now());
    this.look();
  }

  /** Stops claiming, lets what runs finish, gives back the rest by its lease. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const late = new Promise<void>((resolve) => setTimeout(resolve, DRAIN_MS).unref());
    await Promise.race([this.idle(), late]);
  }

  /** Resolves when nothing is being looked for or run; for tests and shutdown. */
  async idle(): Promise<void> {
    while (this.looking || this.inFlight.size > 0) {
      await Promise.allSettled(this.inFlight);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Whether this process looks for due effects and its last look went well. */
  isLooking(): boolean {
    return !this.stopped && performance.now() - this.lookedAt < STUCK_AFTER_MS;
  }

  private look(): void {
    if (this.stopped) return;
    this.again = true;
    if (this.looking) return;
    this.looking = true;
    void this.lookWhileWoken();
  }

  private async lookWhileWoken(): Promise<void> {
    clearTimeout(this.timer);
    let wait = this.config.outboxPollMs;
    try {
      while (this.again && !this.stopped) {
        this.again = false;
        wait = Math.min(wait, await this.claimOnce());
        this.lookedAt = performance.now();
      }
    } catch (error) {
      this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' });
    } finally {
      this.looking = false;
    }
    if (this.stopped) return;
    if (this.again) return this.look();
    this.timer = setTimeout(() => this.look(), Math.max(wait, 20));
    this.timer.unref();
  }

  /** Claims as much as there is room for; returns how many ms to wait before looking again. */
  private async claimOnce(): Promise<number> {
    const wire = this.wire?.isUp ? this.wire : null;
    const askedAtMs = performance.now();
    const { rows, hints, isFull, next } = await this.find(wire !== null);
    failpoint('outbox.after-claim');
    if (this.stopped && rows.length > 0) await this.release(rows);
    else for (const row of rows) this.start(row, askedAtMs);
    // What Redis does not take now is claimed by the next look.
    if (wire && hints.length > 0) await wire.tell(hints).catch(() => (this.again = true));
    // Some of those that held the places may have ended while nobody knew yet that they are waited for.
    if (isFull || LANE_NAMES.some((lane) => this.mayBeAwaited(lane))) this.again = true;
    return next === null ? this.config.outboxPollMs : Math.max(0, next) + 2;
  }

  private async find(hasWire: boolean): Promise<Found> {
    const names = this.registry.names();
    const rooms = LANE_NAMES.map((lane) => ({ lane, room: this.roomIn(lane) }));
    const open = JSON.stringify(rooms.filter(({ room }) => room > 0));
    const late = hasWire ? FORGOTTEN_AFTER_S : 0;
    const lease = this.config.outboxLeaseMs;
    const values = [open, this.claims.claimer, lease, names, late, 1 - this.suspects];
    const [, , hints, rows, next] = await this.database.ask(WORKER, [
      { statement: OUTBOX_DROP_EXPIRED, values: [], answer: () => null },
      { statement: OUTBOX_TAKE_BACK, values: [], answer: () => null },
      {
        statement: OUTBOX_HINT,
        values: [hasWire ? MOST_HINTS : 0, names, LANE_NAMES],
        answer: (found: Hint[]) => found,
      },
      { statement: OUTBOX_CLAIM, values, answer: (found: ClaimedRow[]) => found },
      {
        statement: OUTBOX_NEXT_DUE,
        values: [],
        answer: ([due]: { wait_ms: number | null }[]) => due?.wait_ms ?? null,
      },
    ]);
    const claimedOf = (lane: Lane) => rows.filter((row) => row.lane === lane).length;
    this.full = new Set(rooms.filter(({ lane, room }) => claimedOf(lane) >= room).map(({ lane }) => lane));
    return { rows, hints, isFull: hints.length >= MOST_HINTS, next };
  }

  private roomIn(lane: Lane): number {
    return LANES[lane].most - (this.inFlightOf.get(lane) ?? 0);
  }

  private async release(rows: readonly ClaimedRow[]): Promise<void> {
    await this.database.transact(WORKER, (em) =>
      run(em, OUTBOX_RELEASE, [rows.map((row) => row.id), this.claims.claimer]),
    );
  }

  private start(row: ClaimedRow, claimedAtMs: number): void {
    this.count(row, 1);
    const work = this.runner.run(row, claimedAtMs).then((isDone) => {
      this.inFlight.delete(work);
      this.count(row, -1);
      // What is added later tells by itself.
      if (!isDone || row.lost_claims >= SUSPECT_AFTER || this.mayBeAwaited(row.lane)) this.look();
    });
    this.inFlight.add(work);
  }

  /** Whether somebody may wait for one of the places that are free now. */
  private mayBeAwaited(lane: Lane): boolean {
    return this.full.has(lane) && this.roomIn(lane) >= LANES[lane].most * WORTH_A_LOOK;
  }

  private count({ lane, lost_claims }: ClaimedRow, by: number): void {
    if (lost_claims >= SUSPECT_AFTER) this.suspects += by;
    this.inFlightOf.set(lane, (this.inFlightOf.get(lane) ?? 0) + by);
  }
}
