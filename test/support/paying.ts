import { aService, aStaffMember } from './factories.js';
import type { TestApp } from './test-app.js';

/** A service that wants money, and a salon open on the day the tests live in. */
export interface PaidService {
  serviceId: string;
  staffId: string;
}

/** A booking made over HTTP by a guest, with the guest's own token. */
export interface GuestBooking extends PaidService {
  id: string;
  token: string;
  phone: string;
  email: string;
}

let guests = 0;

export async function aPaidService(
  app: TestApp,
  wishes: { priceMinor?: number; depositPercent?: number } = {},
): Promise<PaidService> {
  const staffId = await aStaffMember(app);
  const serviceId = await aService(app, {
    staffIds: [staffId],
    priceMinor: wishes.priceMinor ?? 8500,
    paymentPolicy: 'full',
  });
  if (wishes.depositPercent !== undefined)
    await app.sql(`update service set payment_policy = 'deposit', deposit_percent = $2 where id = $1`, [
      serviceId,
      wishes.depositPercent,
    ]);
  return { serviceId, staffId };
}

/** Books as a guest and opens the link of the answer. */
export async function aGuestBooking(
  app: TestApp,
  { serviceId, staffId }: PaidService,
  start: string,
): Promise<GuestBooking> {
  guests += 1;
  const phone = `+1415${String(5_550_000 + guests).padStart(7, '0')}`;
  const email = `payer-${guests}-${process.pid}@example.com`;
  const made = await app
    .as()
    .post('/api/bookings', { serviceId, staffId, start, customer: { name: 'Ada Lovelace', phone, email } });
  if (made.status !== 201) throw new Error(made.text);
  const session = await app.as().post('/api/manage/session', { token: made.body.manageToken });
  if (session.status !== 200) throw new Error(session.text);
  return { serviceId, staffId, id: made.body.id, token: session.body.accessToken, phone, email };
}

/** Everything the tests ask about a booking's money. */
export async function moneyOf(app: TestApp, bookingId: string) {
  const [booking] = await app.sql<{
    status: string;
    paid_minor: number;
    refunded_minor: number;
    payment_signal: string | null;
  }>('select status, paid_minor, refunded_minor, payment_signal from booking where id = $1', [bookingId]);
  const payments = await app.sql<{ id: string; state: string; purpose: string; surplus: boolean }>(
    'select id, state, purpose, surplus from payment where booking_id = $1 order by created_at, id',
    [bookingId],
  );
  const refunds = await app.sql<{ id: string; cause: string; state: string; amount_minor: number }>(
    'select id, cause, state, amount_minor from refund where booking_id = $1 order by requested_at, id',
    [bookingId],
  );
  return { booking, payments, refunds };
}
