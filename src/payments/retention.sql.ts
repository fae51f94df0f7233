import { statement } from '../database/statement.js';

/** $1 months. Money that is settled one way or another. */
const PAST = `p.customer_id <> nobody_id() and p.created_at < app_now() - make_interval(months => $1)
      and p.state not in ('open', 'processing', 'quarantined') and p.dispute_state is distinct from 'open'
      and not exists (select from refund r where r.payment_id = p.id and r.state in ('requested', 'pending'))
      and not exists (select from customer c where c.id = p.customer_id and c.legal_hold is not null)`;

export const PAYMENT_PAST_COUNT = statement(
  'payment-past-count',
  `select count(*)::int as rows from payment p where ${PAST}`,
);

/** $1 months, $2 most. */
export const PAYMENT_PAST = statement(
  'payment-past',
  `select p.id from payment p where ${PAST} order by p.created_at limit $2 for update skip locked`,
);

/** $1 payments. Amounts and numbers stay, so that the row of receipts has no gap; who paid does not. */
export const PAYMENT_PAST_CUT = statement(
  'payment-past-cut',
  `with receipts as (update receipt set customer_id = nobody(), facts = facts || '{"customer": "Erased"}' where payment_id = any($1::uuid[])),
        refunds as (update refund set customer_id = nobody(), reason = null, version = version + 1 where payment_id = any($1::uuid[]))
   update payment set customer_id = nobody(), method_brand = null, method_last4 = null, version = version + 1 where id = any($1::uuid[])`,
);
