import { statement } from '../database/statement.js';

/**
 * Held until the transaction ends, as a statement of its own, and the last lock that anybody takes: whoever waits for it has
 * nothing that its holder could still want.
 */
export const RECEIPT_LOCK = statement(
  'receipt-lock',
  `select pg_advisory_xact_lock(hashtext('lawrei/receipts'))`,
);

/**
 * Under the lock: a number given out by a transaction that was undone is given out again. $1 id, $2 payment, $3 booking,
 * $4 customer, $5 amount, $6 currency, $7 facts, $8 issued at. No row back: the payment has its receipt already.
 */
export const RECEIPT_ISSUE = statement(
  'receipt-issue',
  `insert into receipt (id, number, payment_id, booking_id, customer_id, amount_minor, currency, facts, issued_at)
   select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8::timestamptz from receipt
   on conflict on constraint receipt_one_per_payment do nothing returning id`,
);
