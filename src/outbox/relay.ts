import { hostname } from 'node:os';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { EffectRunner, type ClaimedRow } from './effect.runner.js';
import { failpoint } from '../common/failpoint.js';
import { HandlerRegistry } from './handler.registry.js';
import {
  OUTBOX_BURY,
  OUTBOX_CLAIM,
  OUTBOX_CLAIM_URGENT,
  OUTBOX_DROP_EXPIRED,
  OUTBOX_NEXT_DUE,
  OUTBOX_RELEASE,
} from './outbox.sql.js';
import { Wake } from './wake.js';

const MOST_AT_ONCE = 20;
/** Places of their own for effects somebody waits for, so that a morning's reminders do not fill them all. */
const MOST_URGENT = 8;
const DRAIN_MS = 25_000;
/** Longer than the longest pause between two looks. */
const STUCK_AFTER_MS = 30_000;

/** What a look found: what was claimed, what of it may begin now, and in how many ms something else is due. */
interface Claim {
  claimed: readonly ClaimedRow[];
  rows: readonly ClaimedRow[];
  next: number | null;
}

/**
 * Claims due rows from PostgreSQL and runs them in this process: woken after commits, at the next due time, and at
 * least every `OUTBOX_POLL_MS` whatever else happens.
 */
@Injectable()
export class Relay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Relay.name);
  private readonly claimer = `${hostname().slice(0, 40)}-${process.pid}-${newId().slice(-6)}`;
  private readonly inFlight = new Set<Promise<void>>();
  private urgentInFlight = 0;
  private readonly inFlightOf = new Map<string, number>();
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
    const usual = MOST_AT_ONCE - (this.inFlight.size - this.urgentInFlight);
    const urgent = MOST_URGENT - this.urgentInFlight;
    if (usual <= 0 && urgent <= 0) return this.config.outboxPollMs;
    const { rows, next, claimed } = await this.claim(usual, urgent);
    failpoint('outbox.after-claim');
    if (this.stopped && rows.length > 0) await this.release(rows);
    else for (const row of rows) this.start(row);
    // As many as there was room for: there may be more.
    const isFull = (room: number, isUrgent: boolean) =>
      room > 0 && claimed.filter((row) => row.urgent === isUrgent).length >= room;
    if (isFull(usual, false) || isFull(urgent, true)) this.again = true;
    return next === null ? this.config.outboxPollMs : Math.max(0, next) + 2;
  }

  private claim(usual: number, urgent: number): Promise<Claim> {
    const names = this.registry.names().filter((name) => this.roomFor(name) > 0);
    return this.database.transact(WORKER, async (em) => {
      await run(em, OUTBOX_DROP_EXPIRED);
      await run(em, OUTBOX_BURY, [JSON.stringify(this.registry.mostFailures())]);
      const rows: ClaimedRow[] = [];
      for (const [statement, room] of [
        [OUTBOX_CLAIM_URGENT, urgent],
        [OUTBOX_CLAIM, usual],
      ] as const)
        if (room > 0)
          rows.push(
            ...(await run<ClaimedRow>(em, statement, [room, this.claimer, this.config.outboxLeaseMs, names])),
          );
      const rest = this.beyond(rows);
      if (rest.length > 0) await run(em, OUTBOX_RELEASE, [rest.map((row) => row.id), this.claimer]);
      const isAll = rows.length < Math.max(usual, 0) + Math.max(urgent, 0);
      const due = isAll ? await run<{ wait_ms: number | null }>(em, OUTBOX_NEXT_DUE) : [];
      return {
        claimed: rows,
        rows: rows.filter((row) => !rest.includes(row)),
        next: due[0]?.wait_ms ?? null,
      };
    });
  }

  private roomFor(handler: string): number {
    return this.registry.mostOf(handler) - (this.inFlightOf.get(handler) ?? 0);
  }

  /** More of one handler than may run at once: the next look, for which it is full, finds what others have to do. */
  private beyond(rows: readonly ClaimedRow[]): ClaimedRow[] {
    const taken = new Map<string, number>();
    return rows.filter(({ handler }) => {
      const count = (taken.get(handler) ?? 0) + 1;
      taken.set(handler, count);
      return count > this.roomFor(handler);
    });
  }

  private async release(rows: readonly ClaimedRow[]): Promise<void> {
    await this.database.transact(WORKER, (em) =>
      run(em, OUTBOX_RELEASE, [rows.map((row) => row.id), this.claimer]),
    );
  }

  private start(row: ClaimedRow): void {
    if (row.urgent) this.urgentInFlight += 1;
    this.count(row.handler, 1);
    const work = this.runner.run(row).finally(() => {
      this.inFlight.delete(work);
      if (row.urgent) this.urgentInFlight -= 1;
      this.count(row.handler, -1);
      this.look();
    });
    this.inFlight.add(work);
  }

  private count(handler: string, by: number): void {
    this.inFlightOf.set(handler, (this.inFlightOf.get(handler) ?? 0) + by);
  }
}
