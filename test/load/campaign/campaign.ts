import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { appUrlOf } from '../../../src/database/roles.js';
import { stopSandboxesBelow } from '../../support/test-sandbox.js';
import { CrashApp } from '../../support/crash-app.js';
import { FrontDoor } from '../../support/front-door.js';
import { percentileOf } from '../../support/kolmogorov-smirnov.js';
import { startOwnDatabase, type OwnDatabase } from '../../support/own-database.js';
import { Random } from '../../support/random.js';
import { HAS_REDIS, TestRedis } from '../../support/redis.js';
import { openSalon } from '../../support/salon.js';
import { waitFor } from '../../support/test-app.js';
import type { Keep } from '../../support/clean-up.js';
import { audit, type Findings } from './audit.js';
import { Backlog } from './backlog.js';
import { Customers, type CampaignSalon } from './customers.js';
import { TimeLine } from './time-line.js';
import { Troubles, type Rhythm } from './troubles.js';

const MONDAY_10 = Date.parse('2030-03-04T15:00:00Z');
const STAFF = 120;
const HOUR_MS = 3_600_000;
const LEAP_MS = 3 * HOUR_MS;
/**
 * A tenth of what production has, as is the wait between two looks for a text nobody answered for. The stand-stills here end before both
 * are over: ADR 3 says what a longer one might do.
 */
const LEASE_MS = 6_000;
const SETTLED_WITHIN_MS = 180_000;

export interface CampaignOptions {
  readonly seed: number;
  readonly kills: number;
  /** People who book at the same time. */
  readonly customers: number;
  readonly longestLifeMs: number;
  readonly leapEveryMs: number;
  readonly postgresEveryMs: number;
}

/** What was done, what came of it, and what is wrong. */
export interface CampaignReport extends Findings {
  readonly troubles: Troubles['counts'];
  readonly bookings: number;
  readonly effects: number;
  /** How many the providers got. */
  readonly sent: Readonly<Record<'texts' | 'mails' | 'events' | 'payments', number>>;
  /** Answers that no client may see. */
  readonly wrong: readonly string[];
  /** Seconds between the time a text was due and its arrival. */
  readonly lateP99: number;
  readonly lateMost: number;
  readonly recoveredP99: number;
}

/** Two nodes behind one address, people who book, pay, move and cancel there, and everything that can die dying meanwhile. */
export class Campaign {
  private readonly time = new TimeLine();
  private readonly random: Random;
  private readonly backlog = new Backlog((text) => this.sql(text));
  private isOver = false;

  private constructor(
    private readonly database: OwnDatabase,
    private readonly nodes: readonly CrashApp[],
    private readonly redis: TestRedis | null,
    private readonly base: string,
    private readonly options: CampaignOptions,
  ) {
    this.random = new Random(options.seed);
  }

  static async start(keep: Keep, options: CampaignOptions): Promise<Campaign> {
    const database = await startOwnDatabase();
    keep(() => database.stop());
    keep(() => stopSandboxesBelow(database.home));
    const redis = HAS_REDIS ? await TestRedis.start() : null;
    if (redis) keep(() => redis.stop());
    const door = await FrontDoor.open();
    keep(() => door.close());
    const appUrl = appUrlOf(database.ownerUrl, database.appPassword);
    const env = {
      PUBLIC_URL: door.url,
      LOG_LEVEL: 'fatal',
      OUTBOX_LEASE_MS: String(LEASE_MS),
      MESSAGE_RECONCILE_MS: String(LEASE_MS),
      OUTBOX_POLL_MS: '500',
      ...(redis && { REDIS_URL: redis.url }),
    };
    const start = () => CrashApp.start({ appUrl }, join(database.home, 'nodes'), env);
    const nodes = [await start(), await start()];
    for (const node of nodes) keep(() => node.end());
    door.to(nodes);
    return new Campaign(database, nodes, redis, door.url, options);
  }

  async run(): Promise<CampaignReport> {
    const { kills, customers: atOnce, longestLifeMs, leapEveryMs, postgresEveryMs } = this.options;
    await this.leapTo(MONDAY_10);
    const customers = new Customers({
      base: this.base,
      salon: await this.openSalon(),
      random: this.random,
      now: () => this.time.now(),
      sandbox: () => this.sandbox(),
      caughtUp: () => this.backlog.caughtUp(),
    });
    const rhythm: Rhythm = {
      ...{ kills, longestLifeMs, leaseMs: LEASE_MS, redisEveryMs: 5_000, faultsEveryMs: 2_000 },
      postgresEveryMs,
    };
    const { nodes, database, redis, random } = this;
    const troubles = new Troubles({ nodes, database, redis, random, rhythm });
    const meanwhile = [customers.live(atOnce), this.leapEvery(leapEveryMs), this.backlog.watch()];
    await troubles.run();
    customers.end();
    this.isOver = true;
    this.backlog.end();
    await Promise.all(meanwhile);
    return this.report(troubles, customers, await this.settle(customers));
  }

  private async openSalon(): Promise<CampaignSalon> {
    await (await this.sandbox()).config({ stepMs: 20 });
    await this.sql('update business set sms_daily_budget = 1000000, max_holds_per_contact = 1000');
    const { serviceId: freeServiceId, staffIds } = await openSalon(this.database, { staff: STAFF });
    const { serviceId: paidServiceId } = await openSalon(this.database, { paymentPolicy: 'full', staff: 0 });
    await this.sql(
      'insert into service_resource (service_id, resource_id) select $1, resource_id from service_resource where service_id = $2',
      [paidServiceId, freeServiceId],
    );
    return { freeServiceId, paidServiceId, staffIds };
  }

  private async leapEvery(everyMs: number): Promise<void> {
    while (!this.isOver) {
      for (let waited = 0; waited < everyMs && !this.isOver; waited += 100) await pause(100);
      await this.backlog.caughtUp();
      if (!this.isOver) await this.leapTo(this.time.now() + LEAP_MS);
    }
  }

  private async leapTo(instant: number): Promise<void> {
    // PostgreSQL may be on its way up just now.
    await waitFor(async () => {
      const at = Date.now();
      const isSet = await this.sql('update app_clock set offset_ms = $1::bigint', [
        Math.round(instant - at),
      ]).then(
        () => true,
        () => false,
      );
      if (isSet) this.time.leap(at, instant - at);
      return isSet;
    }, 60_000);
  }

  /** Everything works again and all time passes that anybody waits for; what is wrong then is wrong. */
  private async settle(customers: Customers): Promise<Findings> {
    let findings = await this.audit(customers);
    await waitFor(async () => {
      await this.sql(`update calendar set paused_until = null`);
      await this.sql(`update outbox_message set retry_at = null where state = 'pending'`);
      await pause(1_000);
      findings = await this.audit(customers);
      return [findings.lost, findings.doubled, findings.blind].every((list) => list.length === 0);
    }, SETTLED_WITHIN_MS).catch(() => undefined);
    return findings;
  }

  private async audit({ booked }: Customers): Promise<Findings> {
    return audit(this.database.sql, await this.sandbox(), booked);
  }

  private async report(
    troubles: Troubles,
    customers: Customers,
    findings: Findings,
  ): Promise<CampaignReport> {
    const { sms, emails, events, payments } = await (await this.sandbox()).state();
    const late = await this.lateness(sms);
    const [done] = await this.sql<{ count: number }>(
      `select count(*)::int as count from outbox_message where state = 'done'`,
    );
    return {
      ...findings,
      troubles: troubles.counts,
      bookings: customers.booked.length,
      effects: done?.count ?? 0,
      sent: { texts: sms.length, mails: emails.length, events: events.length, payments: payments.length },
      wrong: customers.wrong,
      lateP99: percentileOf(late, 99),
      lateMost: Math.max(0, ...late),
      recoveredP99: percentileOf(troubles.recoveries, 99) / 1_000,
    };
  }

  private async lateness(texts: readonly { sid: string; at: string }[]): Promise<number[]> {
    const rows = await this.sql<{ provider_id: string; due_at: Date }>(
      'select provider_id, due_at from message where provider_id is not null',
    );
    const dueAt = new Map(rows.map((row) => [row.provider_id, this.time.realTimeOf(row.due_at.getTime())]));
    return texts.map(({ sid, at }) => Math.max(0, Date.parse(at) - (dueAt.get(sid) ?? Infinity)) / 1_000);
  }

  private async sandbox() {
    const [node] = this.nodes;
    if (!node) throw new Error('there is no node');
    return node.sandbox();
  }

  /** As the owner, whose connection a restart of the server ends. */
  private sql: OwnDatabase['sql'] = async (text, values) => {
    try {
      return await this.database.sql(text, values);
    } catch {
      await pause(1_000);
      return this.database.sql(text, values);
    }
  };
}
