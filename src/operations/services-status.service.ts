import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { RedisConnection } from '../redis/redis.service.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { IntegrationStatus } from '../outbox/entities/integration-status.entity.js';
import { RecurringRun } from '../outbox/entities/recurring-run.entity.js';
import {
  calendarHealth,
  EMPTY,
  NEVER_SEEN,
  overall,
  providerHealth,
  total,
  jobHealth,
  redisHealth,
  workerHealth,
  type CalendarFigures,
  type Queue,
  type Seen,
  type JobHealth,
  type ServiceHealth,
  type ServiceState,
} from './service-health.js';
import { CALENDAR_FIGURES, EFFECT_QUEUES, PAYMENT_FIGURES } from './services-status.sql.js';

interface QueueRow {
  handler: string;
  channel: string | null;
  waiting: number;
  dead: number;
  oldest_seconds: number | null;
}

/** What managers see of money beside the state of its provider. Times are real time. */
export interface PaymentFigures {
  lastWebhookAt: Date | null;
  /** For how long the oldest payment has been waiting for its payer or the bank. */
  oldestUnsettledSeconds: number | null;
  /** What waits for a person: mismatches, failed refunds, disputes, sums that do not agree. */
  openTasks: number;
}

interface FiguresRow {
  last_webhook_at: string | null;
  oldest_unsettled_seconds: number | null;
  open_tasks: number;
}

interface CalendarRow {
  broken: number;
  degraded: number;
  last_error: string | null;
  synced_at: string | null;
  channel_expires_at: string | null;
  open_conflicts: number;
}

/** Every service the product names, whether this deployment has it or not. */
export const SERVICES = ['sms', 'email', 'calendar', 'payments', 'database', 'redis', 'worker'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The state of the whole and of each part, at one instant of real time. */
export interface ServicesReport {
  status: Exclude<ServiceState, 'unconfigured'>;
  at: Date;
  services: Record<ServiceName, ServiceHealth>;
  figures: PaymentFigures;
  calendars: CalendarFigures;
  jobs: JobHealth[];
}

/** How the services are, from what the workers wrote down: no provider is ever called for an answer. */
@Injectable()
export class ServicesStatus {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly redis: RedisConnection,
  ) {}

  async report(actor: StaffActor): Promise<ServicesReport> {
    const { seen, runs, queues, figures, calendars } = await this.database.transact(actor, async (em) => ({
      seen: await em.find(IntegrationStatus, {}),
      runs: await em.find(RecurringRun, {}, { orderBy: { name: 'asc' } }),
      queues: await run<QueueRow>(em, EFFECT_QUEUES),
      figures: figuresOf((await run<FiguresRow>(em, PAYMENT_FIGURES))[0]),
      calendars: calendarsOf((await run<CalendarRow>(em, CALENDAR_FIGURES))[0]),
    }));
    const at = this.clock.realNow();
    const services = this.services(seen, queues, calendars, at);
    const jobs = runs.map((row) => this.jobOf(row, at));
    const whole = overall(services);
    const status = whole === 'up' && jobs.some(({ isLate }) => isLate) ? 'degraded' : whole;
    return { status, at, services, figures, calendars, jobs };
  }

  private services(
    seen: readonly IntegrationStatus[],
    queues: readonly QueueRow[],
    calendars: CalendarFigures,
    at: Date,
  ): Record<ServiceName, ServiceHealth> {
    const seenOf = (name: string): Seen => this.safe(seen.find((row) => row.name === name));
    return {
      sms: providerHealth(
        this.config.twilio.mode,
        seenOf('sms'),
        queueOf(queues, ({ channel }) => channel === 'sms'),
      ),
      email: providerHealth(
        this.config.smtp.mode,
        seenOf('email'),
        queueOf(queues, ({ channel }) => channel === 'email'),
      ),
      calendar: calendarHealth(
        providerHealth(
          this.config.google.mode,
          seenOf('calendar'),
          queueOf(queues, ({ handler }) => handler.startsWith('calendar.')),
        ),
        calendars,
        at,
      ),
      payments: providerHealth(
        this.config.stripe.mode,
        seenOf('payments'),
        queueOf(queues, ({ handler }) => handler.startsWith('payments.')),
      ),
      // It has just answered; were it away, nobody could have signed in to ask.
      database: providerHealth('live', { ...NEVER_SEEN, lastSuccessAt: at }, EMPTY),
      redis: redisHealth(this.config.redisUrl !== null, this.redis.state()),
      worker: workerHealth(seenOf('worker'), queueOf(queues), at),
    };
  }

  private jobOf({ name, everySeconds, lastRunAt, tookMs, ...row }: RecurringRun, at: Date): JobHealth {
    const lastError = row.lastError ? withoutSecrets(row.lastError, secretsOf(this.config)) : null;
    const lastSuccessAt = row.lastSuccessAt ?? null;
    return jobHealth({ name, everySeconds, lastRunAt, lastSuccessAt, lastError, tookMs }, at);
  }

  /** Providers' errors are their own words: whatever secret of ours they repeat is taken out. */
  private safe(row: IntegrationStatus | undefined): Seen {
    if (!row) return NEVER_SEEN;
    const { lastSuccessAt, lastErrorAt, lastError, failureStreak, breaker } = row;
    return {
      lastSuccessAt: lastSuccessAt ?? null,
      lastErrorAt: lastErrorAt ?? null,
      lastError: lastError ? withoutSecrets(lastError, secretsOf(this.config)) : null,
      failureStreak,
      breaker,
    };
  }
}

function figuresOf(row: FiguresRow | undefined): PaymentFigures {
  return {
    lastWebhookAt: row?.last_webhook_at ? new Date(row.last_webhook_at) : null,
    oldestUnsettledSeconds: row?.oldest_unsettled_seconds ?? null,
    openTasks: row?.open_tasks ?? 0,
  };
}

/** A calendar that was never read counts from the beginning of time. */
function calendarsOf(row: CalendarRow | undefined): CalendarFigures {
  const syncedAt = row?.synced_at ? new Date(row.synced_at) : null;
  return {
    broken: row?.broken ?? 0,
    degraded: row?.degraded ?? 0,
    lastError: row?.last_error ?? null,
    syncedAt: syncedAt && syncedAt.getTime() > 0 ? syncedAt : null,
    hasCalendars: syncedAt !== null,
    channelExpiresAt: row?.channel_expires_at ? new Date(row.channel_expires_at) : null,
    openConflicts: row?.open_conflicts ?? 0,
  };
}

/** What waits of one service, or of all. */
function queueOf(rows: readonly QueueRow[], isMine: (row: QueueRow) => boolean = () => true): Queue {
  const mine = rows.filter(isMine);
  return total(
    mine.map(({ waiting, dead, oldest_seconds }) => ({ waiting, dead, oldestSeconds: oldest_seconds })),
  );
}

function secretsOf({ twilio, smtp, stripe, google }: Config): string[] {
  const password = smtp.url === null ? '' : new URL(smtp.url).password;
  const secrets = [
    twilio.authToken,
    stripe.secretKey,
    ...stripe.webhookSecrets,
    google.clientSecret,
    google.refreshToken ?? '',
    smtp.url ?? '',
    password,
    decodeURIComponent(password),
  ];
  return secrets.filter((secret) => secret !== '');
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '•••'), text);
}
