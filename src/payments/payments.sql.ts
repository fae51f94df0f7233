import { statement } from '../database/statement.js';

/** $1 id, $2 event id, $3 type. No row back: this delivery was taken in before. */
export const STRIPE_INBOX_ADD = statement(
  'stripe-inbox-add',
  `insert into provider_event (id, provider, event_id, type) values ($1, 'stripe', $2, $3)
   on conflict on constraint provider_event_once do nothing returning id`,
);

/** $1 payment or null, $2 intent or null, $3 session or null. Which payment of ours a provider's object is. */
export const PAYMENT_OF = statement(
  'payment-of-provider',
  `select id from payment where id = $1::uuid or intent_id = $2::text or session_id = $3::text limit 1`,
);

/**
 * Payments nobody has heard of for a while: asked for two minutes ago, last looked at five, longest unseen first; those given up
 * here as long as the provider has not said that they are closed. After 30 days a provider has nothing new to say. $1 most.
 */
export const UNSETTLED = statement(
  'unsettled-payments',
  `select id, to_char(now() at time zone 'UTC', 'YYYYMMDDHH24MI') as minute from payment
    where provider = 'stripe' and (state in ('open', 'processing') or (state = 'canceled' and not is_closed))
      and asked_at between now() - interval '30 days' and now() - interval '2 minutes'
      and coalesce(looked_at, asked_at) < now() - interval '5 minutes' order by coalesce(looked_at, asked_at) limit $1`,
);

/** A look begins: whatever it finds, others come first next time. $1 payment. */
export const PAYMENT_LOOKED_AT = statement(
  'payment-looked-at',
  'update payment set looked_at = now() where id = $1',
);

/** Promised more than an hour ago, and nothing is left that would ask the provider for it. $1 most. */
export const STUCK_REFUNDS = statement(
  'stuck-refunds',
  `select r.id, r.booking_id, r.payment_id from refund r join payment p on p.id = r.payment_id
    where r.state = 'requested' and p.provider = 'stripe' and r.requested_at < app_now() - interval '1 hour'
      and not exists (select 1 from outbox_message o where o.topic = 'refund.send' and o.state in ('pending', 'claimed')
                         and o.payload ->> 'refundId' = r.id::text) limit $1`,
);

/** Refunds on their way for more than five minutes. $1 most. */
export const UNSETTLED_REFUNDS = statement(
  'unsettled-refunds',
  `select id, to_char(now() at time zone 'UTC', 'YYYYMMDDHH24MI') as minute from refund
    where state = 'pending' and coalesce(asked_at, now()) < now() - interval '5 minutes' order by requested_at limit $1`,
);

/** Mismatches nobody decided about in time. $1 most. */
export const UNDECIDED = statement(
  'undecided-mismatches',
  `select id, payment_id from payment_task where state = 'open' and kind = 'mismatch' and decides_at <= app_now()
    order by decides_at limit $1 for update skip locked`,
);

/**
 * What came by the provider and is to be held against its word: once, every hour for three days after it or a refund of it last moved,
 * and every day for 120 more, by when banks have done with it. Longest uncompared first. $1 most.
 */
export const UNCOMPARED = statement(
  'uncompared-payments',
  `select p.id, p.intent_id from payment p,
          lateral (select greatest(p.asked_at, p.looked_at, p.drifted_at,
                     (select max(r.asked_at) from refund r where r.payment_id = p.id)) as at) as moved
    where p.state = 'succeeded' and p.provider = 'stripe' and p.intent_id is not null
      and (p.compared_at is null
           or (moved.at > now() - interval '3 days' and p.compared_at < now() - interval '55 minutes')
           or (moved.at > now() - interval '123 days' and p.compared_at < now() - interval '1 day'))
    order by p.compared_at nulls first limit $1`,
);

/** $1 payment, $2 whether the provider says the same. The first time they disagree is kept. */
export const PAYMENT_COMPARED = statement(
  'payment-compared',
  `update payment set compared_at = now(), drifted_at = case when $2 then null else coalesce(drifted_at, now()) end where id = $1`,
);

/** What banks have yet to decide, to be asked for again: an event about it may have been lost. $1 most. */
export const UNDER_DISPUTE = statement(
  'payments-under-dispute',
  `select id from payment where dispute_state = 'open' order by disputed_at limit $1`,
);

/** Bookings whose own money is not the sum of what moved: each must be none. $1 most. */
export const DRIFT = statement(
  'money-drift',
  `select b.id, b.paid_minor, b.refunded_minor, coalesce(p.paid, 0)::int as payments, coalesce(r.back, 0)::int as refunds
     from booking b
     left join lateral (select sum(coalesce(strange_minor, amount_minor)) as paid from payment
                         where booking_id = b.id and state = 'succeeded') p on true
     left join lateral (select sum(r.amount_minor) as back from refund r join payment p on p.id = r.payment_id
                         where r.booking_id = b.id and p.state = 'succeeded' and r.state not in ('failed', 'canceled')) r on true
    where (b.paid_minor > 0 or p.paid > 0) and (b.paid_minor <> coalesce(p.paid, 0) or b.refunded_minor <> coalesce(r.back, 0))
    limit $1`,
);

/**
 * A customer's payments with their refunds and the numbers of their receipts, the newest first. $1 customer, $2 the beginning of what
 * may be shown, or null, $3 and $4 when the last one shown was made and its id, or null, $5 how many.
 */
export const OWN_PAYMENTS = statement(
  'own-payments',
  `select p.*, r.number as receipt_number,
          coalesce((select json_agg(to_json(f) order by f.requested_at, f.id) from refund f where f.payment_id = p.id), '[]') as refunds
     from payment p left join receipt r on r.payment_id = p.id
    where p.customer_id = $1 and ($2::timestamptz is null or p.created_at >= $2)
      and ($3::timestamptz is null or (p.created_at, p.id) < ($3, $4::uuid))
    order by p.created_at desc, p.id desc limit $5`,
);
