import { setTimeout as wait } from 'node:timers/promises';
import { getQueueToken } from '@nestjs/bull';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Queue } from 'bull';
import { Config } from '../config/config.js';
import { EffectClaims } from './effect-claims.js';
import { EffectRunner } from './effect.runner.js';
import { EffectWire, type Hint } from './effect-wire.js';
import { LANE_NAMES, LANES, type Lane } from './lanes.js';
import { RedisLines } from './redis-lines.js';

const TAKEN_WITHIN_MS = 2_000;
/** After Redis did not take hints in time, effects run where they are found for a while. */
const REST_MS = 5_000;
const DRAIN_MS = 25_000;
/** Bull’s own end waits for a Redis that may be gone. */
const CLOSE_MS = 1_000;

const pause = (ms: number) => wait(ms, undefined, { ref: false });

/** A job carries nothing but the id: what is to be done, and whether it still is, stands in PostgreSQL. */
interface HintJob {
  readonly outboxId: string;
}

/** Bull on Redis as the wire between those who find what is due and those who do it. */
@Injectable()
export class BullWire extends EffectWire implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(BullWire.name);
  private queues = new Map<Lane, Queue<HintJob>>();
  private restsUntil = 0;
  private lastNote = '';
  private stopping = false;
  private readonly active = new Set<Promise<void>>();

  constructor(
    private readonly modules: ModuleRef,
    private readonly claims: EffectClaims,
    private readonly runner: EffectRunner,
    private readonly config: Config,
    private readonly lines: RedisLines,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    for (const lane of LANE_NAMES) {
      const queue = this.modules.get<Queue<HintJob>>(getQueueToken(lane), { strict: false });
      this.queues.set(lane, queue);
      // Nest would wait for Bull's own end without an end.
      Object.assign(queue, { onApplicationShutdown: async () => undefined });
      queue.on('error', (error) => this.note(error));
      if (this.config.role === 'api') continue;
      const work = ({ data }: { data: HintJob }) => this.work(data.outboxId);
      queue.process(LANES[lane].most, work).catch((error: unknown) => this.note(error));
    }
  }

  get isUp(): boolean {
    if (performance.now() < this.restsUntil || this.queues.size === 0) return false;
    return [...this.queues.values()].every(({ client }) => client.status === 'ready');
  }

  override async tell(hints: readonly Hint[]): Promise<void> {
    const added = [...this.queues].map(async ([lane, queue]) => {
      const jobs = hints.filter((hint) => hint.lane === lane).map(jobOf);
      if (jobs.length > 0) await queue.addBulk(jobs);
    });
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('Redis does not take hints')), TAKEN_WITHIN_MS).unref();
    });
    try {
      await Promise.race([Promise.all(added), late]);
    } catch (error) {
      this.restsUntil = performance.now() + REST_MS;
      this.note(error);
      throw error;
    }
  }

  /** Begins nothing more and lets what runs finish; hints that come meanwhile are given again by others. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await Promise.race([Promise.allSettled(this.active), pause(DRAIN_MS)]);
    const closed = [...this.queues.values()].map((queue) => queue.close(true));
    await Promise.race([Promise.allSettled(closed), pause(CLOSE_MS)]);
    this.lines.disconnect();
  }

  private async work(outboxId: string): Promise<void> {
    if (this.stopping) return;
    const working = this.claimAndRun(outboxId);
    this.active.add(working);
    await working.finally(() => this.active.delete(working));
  }

  private async claimAndRun(outboxId: string): Promise<void> {
    const askedAtMs = performance.now();
    const row = await this.claims.one(outboxId);
    if (row) await this.runner.run(row, askedAtMs);
  }

  private note(error: unknown): void {
    // A Redis that was emptied is missed once for each job it had.
    const words = error instanceof Error ? error.message.replace(/for job \S+/, 'for a job') : 'unknown';
    if (words !== this.lastNote && !this.stopping) this.logger.warn({ error: words });
    this.lastNote = words;
  }
}

/** The same row tried again is another job: the one before may not have gone yet. */
function jobOf({ id, attempt }: Hint) {
  const opts = { jobId: `${id}:${attempt}`, attempts: 1, removeOnComplete: true, removeOnFail: true };
  return { data: { outboxId: id }, opts };
}
