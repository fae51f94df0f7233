import { newId } from '../../src/common/ids.js';
import type { Answer, TestApp } from './test-app.js';

/** A salon that is open every day from nine to six, with one service and some people who offer it. */
export interface OpenSalon {
  serviceId: string;
  staffIds: string[];
}

interface SalonWishes {
  staff?: number;
  durationMinutes?: number;
  stepMinutes?: number;
  bufferBefore?: number;
  bufferAfter?: number;
  paymentPolicy?: 'full' | 'none' | 'deposit';
  priceMinor?: number;
}

/** Opens a salon past the app: the tests of booking are not tests of the catalogue. */
export async function openSalon(app: Pick<TestApp, 'sql'>, wishes: SalonWishes = {}): Promise<OpenSalon> {
  const serviceId = newId();
  const staffIds = Array.from({ length: wishes.staff ?? 1 }, () => newId());
  await app.sql(`delete from weekly_hours where resource_id is null`);
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    await app.sql(
      `insert into weekly_hours (id, weekday, opens_at, closes_at) values ($1, $2, '09:00', '18:00')`,
      [newId(), weekday],
    );
  }
  const policy = wishes.paymentPolicy ?? 'none';
  await app.sql(
    `insert into service (id, name, duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, price_minor, currency, payment_policy, deposit_percent)
     values ($1, $2, $3, $4, $5, $6, $7, 'USD', $8, $9)`,
    [
      serviceId,
      `Haircut ${serviceId.slice(-6)}`,
      wishes.durationMinutes ?? 30,
      wishes.stepMinutes ?? 30,
      wishes.bufferBefore ?? 0,
      wishes.bufferAfter ?? 0,
      wishes.priceMinor ?? 8500,
      policy,
      policy === 'deposit' ? 20 : null,
    ],
  );
  for (const [index, id] of staffIds.entries()) {
    await app.sql(`insert into resource (id, name) values ($1, $2)`, [id, `Stylist ${index + 1}`]);
    await app.sql(`insert into service_resource (service_id, resource_id) values ($1, $2)`, [serviceId, id]);
  }
  return { serviceId, staffIds };
}

let guests = 0;

/** Somebody with contacts of their own. */
export function aGuestContact() {
  guests += 1;
  const number = String(guests + (process.pid % 1000) * 1000).padStart(7, '0');
  return { name: 'Ada Lovelace', phone: `+1555${number}`, email: `ada-${process.pid}-${guests}@example.com` };
}

/** A guest's request to book. */
export function bookAsGuest(
  app: TestApp,
  salon: OpenSalon,
  start: string,
  more: object = {},
  headers?: Record<string, string>,
): Promise<Answer> {
  return app
    .as()
    .post(
      '/api/bookings',
      { serviceId: salon.serviceId, start, customer: aGuestContact(), ...more },
      headers,
    );
}

/** The guest token that a booking's manage token opens. */
export async function asGuestOf(app: TestApp, booking: Answer) {
  const session = await app.as().post('/api/manage/session', { token: booking.body.manageToken });
  if (session.status !== 200) throw new Error(`no guest session: ${session.text}`);
  return app.as(session.body.accessToken);
}
