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
