import { newId } from '../../src/common/ids.js';
import { Crowd, type Reply } from './http-client.js';
import type { Sql } from './own-database.js';

const MINUTE_MS = 60_000;

/** Where races are run: one or more nodes of one installation, and a look behind the scenes. */
export interface Arena {
  urls: readonly string[];
  sql: Sql;
  owner: { email: string; password: string };
}

/** A salon made for one race: a service of an hour that may begin every quarter, and the people who offer it. */
export interface RaceSalon {
  serviceId: string;
  staffIds: readonly string[];
  /** Noon of New York in winter, on a day that nobody else races on. */
  noon: Date;
}

interface SalonWishes {
  staff: number;
  paymentPolicy?: 'none' | 'full';
}

/** Opens the salon every day from nine to six, and lets customers book two years ahead. */
export async function openForRaces({ sql }: Arena): Promise<void> {
  await sql(
    'update business set horizon_days = 700, max_active_bookings = 1000, max_holds_per_contact = 1000',
  );
  await sql('delete from weekly_hours where resource_id is null');
  for (let weekday = 1; weekday <= 7; weekday += 1) {
    await sql(
      `insert into weekly_hours (id, weekday, opens_at, closes_at) values ($1, $2, '09:00', '18:00')`,
      [newId(), weekday],
    );
  }
}

export async function aRaceSalon(
  { sql }: Arena,
  { staff, paymentPolicy = 'none' }: SalonWishes,
): Promise<RaceSalon> {
  const serviceId = newId();
  const staffIds = Array.from({ length: staff }, () => newId());
  await sql(
    `insert into service (id, name, duration_minutes, step_minutes, price_minor, currency, payment_policy)
     select $1, $2, 60, 15, 8500, currency, $3 from business`,
    [serviceId, `Haircut ${serviceId}`, paymentPolicy],
  );
  for (const id of staffIds) {
    await sql('insert into resource (id, name) values ($1, $2)', [id, `Stylist ${id.slice(-6)}`]);
    await sql('insert into service_resource (service_id, resource_id) values ($1, $2)', [serviceId, id]);
  }
  const [day] = await sql<{ noon: Date }>(
    `select ((app_now() + interval '10 days')::date + time '12:00') at time zone 'America/New_York' as noon`,
  );
  if (!day) throw new Error('the database did not tell the day');
  return { serviceId, staffIds, noon: day.noon };
}

/** A minute of the salon, as a request says it. */
export function at(instant: Date, minutes = 0): string {
  return new Date(instant.getTime() + minutes * MINUTE_MS).toISOString();
}

let guests = 0;

/** Somebody whom nobody else is. */
export function somebody(): { name: string; phone: string; email: string } {
  guests += 1;
  const number = String(guests).padStart(7, '0');
  return { name: 'Ada Lovelace', phone: `+1555${number}`, email: `ada-${guests}-${newId()}@example.com` };
}

export function guestBooking(salon: RaceSalon, start: string, staffId?: string): object {
  return { serviceId: salon.serviceId, start, customer: somebody(), ...(staffId ? { staffId } : {}) };
}

export async function tokenOfOwner(crowd: Crowd, { owner }: Arena): Promise<string> {
  const grant = await crowd.expect(200, { method: 'POST', path: '/api/auth/login', body: owner });
  return String(grant.accessToken);
}

/** A guest's booking and the token its manage link opens. */
export interface Booked {
  id: string;
  start: string;
  token: string;
}

export async function bookFor(
  crowd: Crowd,
  salon: RaceSalon,
  start: string,
  staffId: string,
): Promise<Booked> {
  const body = await crowd.expect(201, {
    method: 'POST',
    path: '/api/bookings',
    body: guestBooking(salon, start, staffId),
  });
  const session = await crowd.expect(200, {
    method: 'POST',
    path: '/api/manage/session',
    body: { token: body.manageToken },
  });
  return { id: String(body.id), start, token: String(session.accessToken) };
}

/** Refusals that are allowed when a time is taken; anything else is a fault and is quoted. */
export function faultsIn(
  replies: readonly Reply[],
  allowed: readonly string[],
  wonWith: readonly number[],
): string[] {
  return replies
    .filter((reply) => !wonWith.includes(reply.status))
    .filter((reply) => reply.status !== 409 || !allowed.includes(reply.body.code))
    .map((reply) => `answered ${reply.status} ${JSON.stringify(reply.body).slice(0, 300)}`);
}

/** Any 409 for a taken time names one to three others. */
export function missingAlternatives(replies: readonly Reply[]): string[] {
  return replies
    .filter((reply) => reply.status === 409 && reply.body.code === 'slot-unavailable')
    .filter(({ body }) => !(body.alternatives?.length >= 1 && body.alternatives.length <= 3))
    .map(({ body }) => `a refusal without alternatives: ${JSON.stringify(body).slice(0, 300)}`);
}
