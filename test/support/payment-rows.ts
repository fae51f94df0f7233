import { newId } from '../../src/common/ids.js';
import type { PaymentTaskKind, PaymentTaskState } from '../../src/payments/entities/payment-task.entity.js';
import type {
  PaymentProvider,
  PaymentPurpose,
  PaymentState,
} from '../../src/payments/entities/payment.entity.js';
import type { RefundCause, RefundState } from '../../src/payments/entities/refund.entity.js';
import type { TestApp } from './test-app.js';

type Db = Pick<TestApp, 'sql'>;

interface PaymentWishes {
  bookingId: string;
  purpose?: PaymentPurpose;
  provider?: PaymentProvider;
  state?: PaymentState;
  amountMinor?: number;
  refundedMinor?: number;
  surplus?: boolean;
  last4?: string;
  /** RFC 3339; app time by default. */
  createdAt?: string;
}

/** Money for a booking, written past the app: the booking's own figures stay as they are. A card's, and received, unless told otherwise. */
export async function aPayment(app: Db, wishes: PaymentWishes): Promise<string> {
  const id = newId();
  const { purpose = 'full', provider = 'stripe', state = 'succeeded' } = wishes;
  const isCard = provider === 'stripe';
  await app.sql(
    `insert into payment (id, booking_id, customer_id, purpose, provider, way, amount_minor, currency, state, surplus, refunded_minor,
       intent_id, method_brand, method_last4, created_at, asked_at, settled_at)
     select $1, id, customer_id, $3, $4, $5, $6, currency, $7, $8, $9, $10, $11, $12, coalesce($13::timestamptz, app_now()), now(),
       case when $7 = 'succeeded' then coalesce($13::timestamptz, app_now()) end from booking where id = $2`,
    [
      ...[id, wishes.bookingId, purpose, provider, isCard ? 'intent' : null, wishes.amountMinor ?? 8500],
      ...[state, wishes.surplus ?? false, wishes.refundedMinor ?? 0, isCard ? `pi_${id}` : null],
      ...[isCard ? 'visa' : null, isCard ? (wishes.last4 ?? '4242') : null, wishes.createdAt ?? null],
    ],
  );
  return id;
}

interface RefundWishes {
  paymentId: string;
  cause?: RefundCause;
  state?: RefundState;
  amountMinor?: number;
  reason?: string;
}

/** Money on its way back, written past the app: neither payment nor booking count it. */
export async function aRefund(app: Db, wishes: RefundWishes): Promise<string> {
  const id = newId();
  const { cause = 'staff', state = 'pending' } = wishes;
  await app.sql(
    `insert into refund (id, payment_id, booking_id, customer_id, cause, cause_key, amount_minor, currency, state, reason, requested_at, settled_at)
     select $1, id, booking_id, customer_id, $3, $4, $5, currency, $6, $7, app_now(),
       case when $6 in ('succeeded', 'failed', 'canceled') then app_now() end from payment where id = $2`,
    [
      ...[id, wishes.paymentId, cause, cause === 'staff' ? id : '', wishes.amountMinor ?? 500, state],
      wishes.reason ?? null,
    ],
  );
  return id;
}

/** The receipt of a payment, written past the app. */
export async function aReceipt(app: Db, paymentId: string): Promise<number> {
  const [row] = await app.sql<{ number: number }>(
    `insert into receipt (id, number, payment_id, booking_id, customer_id, amount_minor, currency, facts, issued_at)
     select $1, (select coalesce(max(number), 0) + 1 from receipt), p.id, p.booking_id, p.customer_id, p.amount_minor, p.currency,
       jsonb_build_object('salon', 'Lawrei Beauty', 'address', '', 'customer', c.name, 'reference', b.reference, 'service', b.service_name,
         'staff', 'Grace', 'start', '2030-03-04T09:00:00-05:00', 'method', coalesce('Visa •••• ' || p.method_last4, 'Cash')), app_now()
       from payment p join booking b on b.id = p.booking_id join customer c on c.id = p.customer_id where p.id = $2 returning number`,
    [newId(), paymentId],
  );
  if (!row) throw new Error('no such payment');
  return row.number;
}

interface TaskWishes {
  kind?: PaymentTaskKind;
  state?: PaymentTaskState;
  paymentId?: string;
  refundId?: string;
  detail?: string;
}

/** Something about money that waits for a person, written past the app. */
export async function aPaymentTask(app: Db, wishes: TaskWishes = {}): Promise<string> {
  const id = newId();
  await app.sql(
    `insert into payment_task (id, kind, state, payment_id, refund_id, subject, detail, opened_at, done_at)
     values ($1, $2, $3, $4, $5, $6, $7, app_now(), case when $3 = 'done' then app_now() end)`,
    [
      ...[id, wishes.kind ?? 'refund-failed', wishes.state ?? 'open', wishes.paymentId ?? null],
      wishes.refundId ?? null,
      ...[`test:${id}`, wishes.detail ?? 'The refund of $85.00 failed.'],
    ],
  );
  return id;
}
