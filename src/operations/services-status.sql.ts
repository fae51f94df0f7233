import { statement } from '../database/statement.js';

/**
 * What waits in the outbox, by handler and, for messages, by the way they travel: rows that are due or being done, how
 * many seconds of app time the oldest is due, and the dead. Rows due later are no queue.
 */
export const EFFECT_QUEUES = statement(
  'effect-queues',
  `select o.handler, m.channel,
          (count(*) filter (where o.state <> 'dead'))::int as waiting,
          (count(*) filter (where o.state = 'dead'))::int as dead,
          greatest(0, extract(epoch from app_now() - min(o.due_at) filter (where o.state <> 'dead')))::int as oldest_seconds
     from outbox_message o left join message m on m.id = (o.payload ->> 'messageId')::uuid
    where o.state in ('claimed', 'dead') or (o.state = 'pending' and o.due_at <= app_now())
    group by o.handler, m.channel`,
);

/** What else there is to know of payments: the provider's last word, the oldest that is not settled, what waits for a person. */
export const PAYMENT_FIGURES = statement(
  'payment-figures',
  `select (select max(received_at) from provider_event where provider = 'stripe') as last_webhook_at,
          (select extract(epoch from now() - min(asked_at))::int from payment where state in ('open', 'processing')) as oldest_unsettled_seconds,
          (select count(*)::int from payment_task where state = 'open') as open_tasks`,
);

/** What else there is to know of calendars: accounts at their end, the stalest reading, the first channel to end, what waits for a person. */
export const CALENDAR_FIGURES = statement(
  'calendar-figures',
  `select (select count(*)::int from calendar_connection where state = 'broken') as broken,
          (select count(*)::int from calendar_connection where state = 'degraded') as degraded,
          (select last_error from calendar_connection where state <> 'ok' order by state_since desc limit 1) as last_error,
          (select min(coalesce(synced_at, '1970-01-01Z')) from calendar) as synced_at,
          (select min(channel_expires_at) from calendar) as channel_expires_at,
          (select count(*)::int from calendar_conflict where resolution is null) as open_conflicts`,
);
