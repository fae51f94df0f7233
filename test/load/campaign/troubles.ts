import { setTimeout as pause } from 'node:timers/promises';
import type { Failpoint } from '../../../src/common/failpoint.js';
import type { FaultRule } from '../../../src/sandbox/emulator/faults.js';
import type { CrashApp } from '../../support/crash-app.js';
import { FAILPOINTS } from '../../support/crash-trials.js';
import type { OwnDatabase } from '../../support/own-database.js';
import { PAYMENT_FAILPOINTS } from '../../support/payment-crash-trials.js';
import type { Random } from '../../support/random.js';
import type { TestRedis } from '../../support/redis.js';

const PLACES = [
  ...FAILPOINTS,
  ...PAYMENT_FAILPOINTS,
  'calendar.before-call',
  'calendar.after-call',
  'calendar.before-settle',
  'calendar.before-apply',
] as const satisfies readonly Failpoint[];

/** What providers do on bad days. Their lists answer: where they do not, a text waits for people, see docs/runbook.md. */
const FAULTS: readonly FaultRule[] = [
  { match: { provider: 'twilio', method: 'POST' }, status: 503 },
  { match: { provider: 'twilio', method: 'POST' }, status: 429, retryAfter: 1 },
  { match: { provider: 'twilio', method: 'POST' }, reset: 'after' },
  { match: { provider: 'twilio', method: 'POST' }, status: 500, afterWork: true },
  { match: { provider: 'twilio', method: 'POST' }, garbage: true },
  { match: { provider: 'twilio' }, latencyMs: 1_000 },
  { match: { provider: 'twilio' }, loseCallbacks: true },
  { match: { provider: 'twilio' }, duplicateCallbacks: true },
  { match: { provider: 'smtp' }, status: 451 },
  { match: { provider: 'smtp' }, reset: 'after' },
  { match: { provider: 'smtp' }, reset: 'before' },
  { match: { provider: 'stripe', method: 'POST' }, reset: 'after' },
  { match: { provider: 'stripe', method: 'POST' }, reset: 'before' },
  { match: { provider: 'stripe', method: 'POST' }, status: 503 },
  { match: { provider: 'stripe', method: 'WEBHOOK' }, loseCallbacks: true },
  { match: { provider: 'stripe', method: 'WEBHOOK' }, duplicateCallbacks: true },
  { match: { provider: 'google', method: 'POST', path: '/events' }, reset: 'after' },
  { match: { provider: 'google', method: 'PATCH' }, status: 412 },
  { match: { provider: 'google', method: 'DELETE', path: '/events' }, reset: 'after' },
  { match: { provider: 'google' }, status: 503 },
  { match: { provider: 'google' }, status: 403, reason: 'rateLimitExceeded' },
  { match: { provider: 'google', method: 'PUSH' }, loseCallbacks: true },
];

const MOST_TRIES = 10;

/** How often each trouble comes, in ms. */
export interface Rhythm {
  readonly kills: number;
  /** Of a node that is up, before something happens to it. */
  readonly longestLifeMs: number;
  readonly leaseMs: number;
  readonly redisEveryMs: number;
  readonly postgresEveryMs: number;
  readonly faultsEveryMs: number;
}

interface Parts {
  readonly nodes: readonly CrashApp[];
  readonly database: OwnDatabase;
  readonly redis: TestRedis | null;
  readonly random: Random;
  readonly rhythm: Rhythm;
}

/** Everything that happens to the machines and the providers while people book. */
export class Troubles {
  readonly counts = {
    kills: 0,
    freezes: 0,
    redisEmptied: 0,
    redisKilled: 0,
    postgresRestarted: 0,
    faults: 0,
  };
  /** Ms of real time from each kill until the node served again. */
  readonly recoveries: number[] = [];
  private isOver = false;

  constructor(private readonly parts: Parts) {}

  /** Resolves after the last kill, with everything standing and every fault gone. */
  async run(): Promise<void> {
    const { nodes, random, rhythm } = this.parts;
    const other = [
      this.repeat(rhythm.redisEveryMs, () => this.troubleRedis(random)),
      this.repeat(rhythm.postgresEveryMs, () => this.restartPostgres()),
      this.repeat(rhythm.faultsEveryMs, () => this.faults(random)),
    ];
    await Promise.all(nodes.map((node) => this.torment(node, random)));
    this.isOver = true;
    await Promise.all(other);
    for (const node of nodes) if (!node.isAlive()) await started(node);
    await (await nodes[0]?.sandbox())?.clearFaults();
  }

  private async torment(node: CrashApp, random: Random): Promise<void> {
    const { rhythm } = this.parts;
    while (this.counts.kills < rhythm.kills) {
      await pause(random.int(200, rhythm.longestLifeMs));
      const dice = random.next();
      if (dice < 0.06) {
        await this.freeze(node, random);
        continue;
      }
      if (dice < 0.7) {
        await node.arm(random.pick(PLACES), random.int(1, 4)).catch(() => undefined);
        await diedWithin(node, 2_000);
      }
      const began = performance.now();
      await node.end();
      this.counts.kills += 1;
      await started(node);
      this.recoveries.push(performance.now() - began);
    }
  }

  /** Longer than its leases: others take over what it holds, and it wakes up in the middle of it. */
  private async freeze(node: CrashApp, random: Random): Promise<void> {
    await node.arm(random.pick(PLACES), random.int(1, 4), 'SIGSTOP').catch(() => undefined);
    await pause(500);
    node.freeze();
    await pause(this.parts.rhythm.leaseMs + random.int(200, 1_500));
    node.thaw();
    this.counts.freezes += 1;
    await this.disarm(node);
  }

  /** Armed still, where it passed nowhere: it must not stop later, when nobody wakes it; and it may do so until it hears of it. */
  private async disarm(node: CrashApp): Promise<void> {
    let heard = false;
    const telling = node.arm('booking.before-commit', 1_000_000).catch(() => undefined);
    void telling.then(() => (heard = true));
    while (!heard) {
      node.thaw();
      await pause(50);
    }
  }

  private async troubleRedis(random: Random): Promise<void> {
    const { redis } = this.parts;
    if (!redis) return;
    if (random.next() < 0.75) {
      await redis.client.flushall();
      this.counts.redisEmptied += 1;
      return;
    }
    await redis.kill();
    await pause(random.int(200, 3_000));
    await redis.rise();
    this.counts.redisKilled += 1;
  }

  private async restartPostgres(): Promise<void> {
    await this.parts.database.restart();
    this.counts.postgresRestarted += 1;
  }

  private async faults(random: Random): Promise<void> {
    const [node] = this.parts.nodes;
    if (!node) return;
    const rules = Array.from({ length: random.int(0, 3) }, () => ({
      ...random.pick(FAULTS),
      times: random.int(1, 5),
    }));
    await (await node.sandbox()).faults(rules);
    this.counts.faults += rules.length;
  }

  private async repeat(everyMs: number, work: () => Promise<void>): Promise<void> {
    for (;;) {
      for (let waited = 0; waited < everyMs && !this.isOver; waited += 100) await pause(100);
      if (this.isOver) return;
      await work();
    }
  }
}

async function diedWithin(node: CrashApp, deadlineMs: number): Promise<void> {
  for (let waited = 0; waited < deadlineMs && node.isAlive(); waited += 50) await pause(50);
}

/** A node that comes up while the database is away ends at once; whoever runs nodes starts them again. */
async function started(node: CrashApp): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await node.restart();
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
    }
  }
}
