import { statement } from '../database/statement.js';

/**
 * Opens a task; one of the same subject, open or done, stays as it is. $1 id, $2 kind, $3 subject, $4 booking, $5 payment,
 * $6 refund, $7 detail, $8 decides at, $9 now.
 */
export const TASK_OPEN = statement(
  'payment-task-open',
  `insert into payment_task (id, kind, subject, booking_id, payment_id, refund_id, detail, decides_at, opened_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, $9::timestamptz)
   on conflict on constraint payment_task_once_per_subject do nothing`,
);
