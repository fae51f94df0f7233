import { statement } from '../database/statement.js';

/** $1 customer. */
export const PAYMENT_EXPORT = statement(
  'payment-export',
  'select to_jsonb(p) as row from payment p where customer_id = $1 order by created_at, id',
);

/** $1 customer. Why staff gave something back is staff's to know. */
export const REFUND_EXPORT = statement(
  'refund-export',
  `select to_jsonb(r) - 'reason' as row from refund r where customer_id = $1 order by requested_at, id`,
);

/** $1 customer. */
export const RECEIPT_EXPORT = statement(
  'receipt-export',
  'select to_jsonb(r) as row from receipt r where customer_id = $1 order by number',
);

/** $1 customer. Money on its way, in either direction, and money that somebody argues about. */
export const MONEY_IN_MOTION = statement(
  'money-in-motion',
  `select exists (select from payment where customer_id = $1 and state = 'processing') as processing,
          exists (select from payment where customer_id = $1 and state = 'quarantined') as quarantined,
          exists (select from refund where customer_id = $1 and state in ('requested', 'pending')) as refunding,
          exists (select from payment where customer_id = $1 and dispute_state = 'open') as disputed`,
);

/** $1 customer. Amounts, times and the provider's ids are kept for ten years; the card's own marks are not needed for that. */
export const PAYMENT_ERASE = statement(
  'payment-erase',
  `update payment set method_brand = null, method_last4 = null, version = version + 1
    where customer_id = $1 and (method_brand is not null or method_last4 is not null) returning id`,
);

/** $1 customer. */
export const REFUND_ERASE = statement(
  'refund-erase',
  'update refund set reason = null, version = version + 1 where customer_id = $1 and reason is not null returning id',
);
