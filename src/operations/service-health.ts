import type { ProviderMode } from '../config/config.js';
import type { RedisSeen } from '../redis/redis.service.js';
import type { BreakerState } from '../outbox/integration-status.service.js';

export const SERVICE_STATES = ['up', 'degraded', 'down', 'unconfigured'] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

/** What was last seen of a service; times are real time. */
export interface Seen {
  lastSuccessAt: Date | null;
  lastErrorAt: Date | null;
  lastError: string | null;
  failureStreak: number;
  breaker: BreakerState;
}

/** Effects that wait for a service. */
export interface Queue {
  waiting: number;
  dead: number;
  /** How long the oldest has been due, in seconds of app time; null when none waits. */
  oldestSeconds: number | null;
}

/** One service as `/admin/services/status` shows it. */
export interface ServiceHealth {
  mode: ProviderMode;
  state: ServiceState;
  seen: Seen;
  queue: Queue;
}

export const NEVER_SEEN: Seen = {
  lastSuccessAt: null,
  lastErrorAt: null,
  lastError: null,
  failureStreak: 0,
  breaker: 'closed',
};
export const EMPTY: Queue = { waiting: 0, dead: 0, oldestSeconds: null };

/** A queue whose oldest effect waits longer than this does not move as it should. */
const SLOW_AFTER_SECONDS = 300;
const WORKER_LATE_AFTER_MS = 30_000;
const WORKER_DOWN_AFTER_MS = 60_000;

/** A provider is down while its breaker is open, degraded while calls fail or its queue stands still. */
export function providerHealth(mode: ProviderMode, seen: Seen, queue: Queue): ServiceHealth {
  return { mode, state: mode === 'unconfigured' ? 'unconfigured' : providerState(seen, queue), seen, queue };
}

function providerState(seen: Seen, queue: Queue): ServiceState {
  if (seen.breaker === 'open') return 'down';
  const isFailing = seen.breaker === 'half-open' || seen.failureStreak > 0;
  return isFailing || isSlow(queue) ? 'degraded' : 'up';
}

/** What is known of connected calendars; times are real time. */
export interface CalendarFigures {
  /** Accounts that took their consent back, and those whose calls fail. */
  readonly broken: number;
  readonly degraded: number;
  readonly lastError: string | null;
  /** When the stalest calendar was read to its end; null: there is none, or one never was. */
  readonly syncedAt: Date | null;
  readonly hasCalendars: boolean;
  /** When the first of the channels ends through which Google tells of changes. */
  readonly channelExpiresAt: Date | null;
  readonly openConflicts: number;
}

const STALE_AFTER_MS = 10 * 60_000;

/** Calendars are down with an account that is broken, degraded while calls fail or one was not read for ten minutes. */
export function calendarHealth(provider: ServiceHealth, figures: CalendarFigures, now: Date): ServiceHealth {
  if (provider.state === 'unconfigured') return provider;
  const lastError = figures.lastError ?? provider.seen.lastError;
  const isStale = figures.hasCalendars && now.getTime() - (figures.syncedAt?.getTime() ?? 0) > STALE_AFTER_MS;
  const isTroubled = figures.degraded > 0 || isStale;
  const state =
    figures.broken > 0 ? 'down' : isTroubled && provider.state === 'up' ? 'degraded' : provider.state;
  return { ...provider, state, seen: { ...provider.seen, lastError } };
}

/** Workers are judged by their heartbeat, written every ten seconds. */
export function workerHealth(seen: Seen, queue: Queue, now: Date): ServiceHealth {
  return { mode: 'live', state: workerState(seen, queue, now), seen, queue };
}

function workerState(seen: Seen, queue: Queue, now: Date): ServiceState {
  const silentMs = now.getTime() - (seen.lastSuccessAt?.getTime() ?? 0);
  if (silentMs > WORKER_DOWN_AFTER_MS) return 'down';
  return silentMs > WORKER_LATE_AFTER_MS || isSlow(queue) ? 'degraded' : 'up';
}

function isSlow(queue: Queue): boolean {
  return (queue.oldestSeconds ?? 0) > SLOW_AFTER_SECONDS;
}

/** Redis is never down here: without it everything goes on, each node for itself. */
export function redisHealth(isConfigured: boolean, { isUp, ...seen }: RedisSeen): ServiceHealth {
  if (!isConfigured) return { mode: 'unconfigured', state: 'unconfigured', seen: NEVER_SEEN, queue: EMPTY };
  const lastError = isUp ? null : seen.lastError;
  return {
    mode: 'live',
    state: isUp ? 'up' : 'degraded',
    seen: { ...NEVER_SEEN, ...seen, lastError },
    queue: EMPTY,
  };
}

/** Regular work as it was last done; times are real time. */
export interface JobHealth {
  name: string;
  everySeconds: number;
  lastRunAt: Date;
  lastSuccessAt: Date | null;
  lastError: string | null;
  tookMs: number;
  isLate: boolean;
}

const LATE_AFTER_ROUNDS = 3;
const LATE_AFTER_MS = 60_000;

/** Late when it was not done well for three rounds, and for a minute at least. */
export function jobHealth(job: Omit<JobHealth, 'isLate'>, now: Date): JobHealth {
  const allowedMs = Math.max(LATE_AFTER_MS, LATE_AFTER_ROUNDS * job.everySeconds * 1_000);
  const since = job.lastSuccessAt?.getTime() ?? 0;
  return { ...job, isLate: now.getTime() - since > allowedMs };
}

/** Without database or workers nothing goes on; a provider that is out only degrades the whole. */
export function overall(
  services: Readonly<Record<string, ServiceHealth>>,
): Exclude<ServiceState, 'unconfigured'> {
  if (services['database']?.state === 'down' || services['worker']?.state === 'down') return 'down';
  const isWhole = Object.values(services).every(({ state }) => state === 'up' || state === 'unconfigured');
  return isWhole ? 'up' : 'degraded';
}

/** Several queues as one. */
export function total(queues: readonly Queue[]): Queue {
  const ages = queues.map(({ oldestSeconds }) => oldestSeconds).filter((age) => age !== null);
  return {
    waiting: queues.reduce((sum, { waiting }) => sum + waiting, 0),
    dead: queues.reduce((sum, { dead }) => sum + dead, 0),
    oldestSeconds: ages.length > 0 ? Math.max(...ages) : null,
  };
}
