import { JobStatusResponse } from './job-status.response.js';
import { Out } from '../../common/fields/response.fields.js';
import {
  SERVICE_STATES,
  type CalendarFigures,
  type ServiceHealth,
  type ServiceState,
} from '../service-health.js';
import type { PaymentFigures, ServicesReport } from '../services-status.service.js';

const MODES = ['live', 'sandbox', 'unconfigured'] as const;
const BREAKERS = ['closed', 'open', 'half-open'] as const;
const WHOLE = ['up', 'degraded', 'down'] as const;

/** One service: how it is run, how it is, and what waits for it. Times are real time. */
export class ServiceStatusResponse {
  @Out.oneOf(MODES) mode!: string;
  @Out.oneOf(SERVICE_STATES) state!: ServiceState;
  @Out.instant({ nullable: true }) lastSuccessAt!: string | null;
  @Out.text({ nullable: true, description: 'In plain words, without secrets' }) lastError!: string | null;
  @Out.instant({ nullable: true }) lastErrorAt!: string | null;
  @Out.oneOf(BREAKERS, { description: 'Open: calls are not even tried for a while' }) breaker!: string;
  @Out.int({ description: 'Effects that are due or being done' }) queueDepth!: number;
  @Out.int({ nullable: true, description: 'How long the oldest of them has been due' }) oldestDueSeconds!:
    | number
    | null;
  @Out.int({ description: 'Effects given up; see /admin/outbox' }) dead!: number;

  static from({ mode, state, seen, queue }: ServiceHealth): ServiceStatusResponse {
    return Object.assign(new ServiceStatusResponse(), {
      mode,
      state,
      lastSuccessAt: seen.lastSuccessAt?.toISOString() ?? null,
      lastError: seen.lastError,
      lastErrorAt: seen.lastErrorAt?.toISOString() ?? null,
      breaker: seen.breaker,
      queueDepth: queue.waiting,
      oldestDueSeconds: queue.oldestSeconds,
      dead: queue.dead,
    });
  }
}

/** The payment provider, and what else there is to know of money. */
export class PaymentsStatusResponse extends ServiceStatusResponse {
  @Out.instant({ nullable: true, description: 'When the provider last told anything' }) lastWebhookAt!:
    | string
    | null;
  @Out.int({ nullable: true, description: 'How long the oldest open payment waits for payer or bank' })
  oldestUnsettledSeconds!: number | null;
  @Out.int({ description: 'What the reconciliation and the books found: see /admin/payments/tasks' })
  openTasks!: number;

  static of(health: ServiceHealth, figures: PaymentFigures): PaymentsStatusResponse {
    return Object.assign(new PaymentsStatusResponse(), ServiceStatusResponse.from(health), {
      ...figures,
      lastWebhookAt: figures.lastWebhookAt?.toISOString() ?? null,
    });
  }
}

/** Google Calendar, and what else there is to know of it. */
export class CalendarStatusResponse extends ServiceStatusResponse {
  @Out.instant({
    nullable: true,
    description: 'When the stalest calendar was read; null: there is none, or one never was',
  })
  syncedAt!: string | null;
  @Out.instant({
    nullable: true,
    description: 'When the first channel ends through which Google tells of changes',
  })
  channelExpiresAt!: string | null;
  @Out.int({ description: 'Accounts that have to be connected again' }) brokenConnections!: number;
  @Out.int({ description: 'See /admin/calendar/conflicts' }) openConflicts!: number;

  static of(health: ServiceHealth, figures: CalendarFigures): CalendarStatusResponse {
    return Object.assign(new CalendarStatusResponse(), ServiceStatusResponse.from(health), {
      syncedAt: figures.syncedAt?.toISOString() ?? null,
      channelExpiresAt: figures.channelExpiresAt?.toISOString() ?? null,
      brokenConnections: figures.broken,
      openConflicts: figures.openConflicts,
    });
  }
}

/** Each service by its name; those this deployment does not have are `unconfigured`. */
export class ServicesByNameResponse {
  @Out.object(() => ServiceStatusResponse) sms!: ServiceStatusResponse;
  @Out.object(() => ServiceStatusResponse) email!: ServiceStatusResponse;
  @Out.object(() => CalendarStatusResponse) calendar!: CalendarStatusResponse;
  @Out.object(() => PaymentsStatusResponse) payments!: PaymentsStatusResponse;
  @Out.object(() => ServiceStatusResponse) database!: ServiceStatusResponse;
  @Out.object(() => ServiceStatusResponse) redis!: ServiceStatusResponse;
  @Out.object(() => ServiceStatusResponse) worker!: ServiceStatusResponse;
}

/** How the product's services are. */
export class ServicesStatusResponse {
  @Out.oneOf(WHOLE, { description: 'Down without database or workers; a provider that is out only degrades' })
  status!: string;
  @Out.instant() at!: string;
  @Out.object(() => ServicesByNameResponse) services!: ServicesByNameResponse;
  @Out.list(() => JobStatusResponse, { description: 'Regular work; one that is late degrades the whole' })
  jobs!: JobStatusResponse[];

  static from({ status, at, services, figures, calendars, jobs }: ServicesReport): ServicesStatusResponse {
    const shown = Object.entries(services).map(([name, health]) => [
      name,
      ServiceStatusResponse.from(health),
    ]);
    return Object.assign(new ServicesStatusResponse(), {
      status,
      at: at.toISOString(),
      jobs: jobs.map(JobStatusResponse.from),
      services: Object.assign(new ServicesByNameResponse(), Object.fromEntries(shown), {
        payments: PaymentsStatusResponse.of(services.payments, figures),
        calendar: CalendarStatusResponse.of(services.calendar, calendars),
      }),
    });
  }
}
