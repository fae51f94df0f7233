import { createHash, randomBytes } from 'node:crypto';
import { WORKER, type CustomerActor, type StaffRole } from '../../src/common/actor.js';
import type { BookingTopic } from '../../src/bookings/bookings.events.js';
import { Database } from '../../src/database/database.service.js';
import { Outbox } from '../../src/outbox/outbox.service.js';
import { newId } from '../../src/common/ids.js';
import { hashPassword } from '../../src/auth/passwords.js';
import { OWNER_EMAIL, OWNER_PASSWORD, type TestApp } from './test-app.js';

/** The password of every account the factories make; hashed once, since argon2 is meant to be slow. */
export const STAFF_PASSWORD = 'correct horse battery';
let staffPasswordHash: Promise<string> | undefined;

/** A customer as the guard leaves them, in a session of no special standing. */
export const aCustomerActor = (customerId: string): CustomerActor => ({
  kind: 'customer',
  customerId,
  sessionId: newId(),
  isFresh: false,
  historyFrom: null,
});

/** Somebody who can call: the id of the account (or booking) and an access token. */
export interface SignedIn {
  id: string;
  token: string;
}

interface StaffWishes {
  role?: StaffRole;
  resourceId?: string | null;
  email?: string;
}

/** A staff account, written past the app. */
export async function anAccount(
  app: TestApp,
  wishes: StaffWishes = {},
): Promise<{ id: string; email: string }> {
  staffPasswordHash ??= hashPassword(STAFF_PASSWORD);
  const id = newId();
  const email = wishes.email ?? `staff-${id}@lawrei.example`;
  await app.sql(
    `insert into account (id, email, name, password_hash, role, resource_id, version) values ($1, $2, 'Somebody', $3, $4, $5, 1)`,
    [id, email, await staffPasswordHash, wishes.role ?? 'staff', wishes.resourceId ?? null],
  );
  return { id, email };
}

/** A staff account that has signed in over HTTP. */
export async function aStaffAccount(app: TestApp, wishes: StaffWishes = {}): Promise<SignedIn> {
  const { id, email } = await anAccount(app, wishes);
  return { id, token: await signIn(app, email, STAFF_PASSWORD) };
}

/** The access token of the owner every test application boots with. */
export function theOwner(app: TestApp): Promise<string> {
  return signIn(app, OWNER_EMAIL, OWNER_PASSWORD);
}

async function signIn(app: TestApp, email: string, password: string): Promise<string> {
  const answer = await app.as().post('/api/auth/login', { email, password });
  if (answer.status !== 200) throw new Error(`sign-in failed: ${answer.text}`);
  return String(answer.body.accessToken);
}

interface LinkWishes {
  bookingId: string;
  customerId: string;
  /** How long the link is good for from now on in app time; negative for one that has expired. */
  minutes?: number;
}

/** A manage link to a booking, written past the app; the token is what stands behind the #. */
export async function aManageLink(
  app: TestApp,
  { bookingId, customerId, minutes = 60 }: LinkWishes,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await app.sql(
    `insert into manage_link (id, booking_id, customer_id, token_hash, expires_at)
     values ($1, $2, $3, $4, app_now() + make_interval(mins => $5))`,
    [newId(), bookingId, customerId, createHash('sha256').update(token).digest('hex'), minutes],
  );
  return token;
}

/** A guest who has opened a manage link. */
export async function aGuest(app: TestApp, link: LinkWishes): Promise<SignedIn> {
  const answer = await app.as().post('/api/manage/session', { token: await aManageLink(app, link) });
  if (answer.status !== 200) throw new Error(`the link did not open: ${answer.text}`);
  return { id: link.bookingId, token: String(answer.body.accessToken) };
}

interface StaffMemberWishes {
  name?: string;
  active?: boolean;
}

/** Somebody who can be booked, written past the app; works the salon's hours until `theirHours` says otherwise. */
export async function aStaffMember(app: TestApp, wishes: StaffMemberWishes = {}): Promise<string> {
  const id = newId();
  await app.sql('insert into resource (id, name, active) values ($1, $2, $3)', [
    id,
    wishes.name ?? 'Grace Hopper',
    wishes.active ?? true,
  ]);
  return id;
}

interface ServiceWishes {
  name?: string;
  durationMinutes?: number;
  bufferBeforeMinutes?: number;
  bufferAfterMinutes?: number;
  stepMinutes?: number;
  priceMinor?: number;
  paymentPolicy?: 'full' | 'none';
  /** Who offers it. */
  staffIds?: readonly string[];
}

/** Where rows are written past the app. */
interface Writable {
  sql(text: string, values?: unknown[]): Promise<unknown>;
}

/** A service in the salon's currency, written past the app; nothing is due for it unless asked for. */
export async function aService(app: Writable, wishes: ServiceWishes = {}): Promise<string> {
  const id = newId();
  await app.sql(
    `insert into service (id, name, duration_minutes, buffer_before_minutes, buffer_after_minutes, step_minutes, price_minor, currency, payment_policy)
     select $1, $2, $3, $4, $5, $6, $7, currency, $8 from business`,
    [
      id,
      wishes.name ?? `Haircut ${id}`,
      wishes.durationMinutes ?? 60,
      wishes.bufferBeforeMinutes ?? 0,
      wishes.bufferAfterMinutes ?? 0,
      wishes.stepMinutes ?? 30,
      wishes.priceMinor ?? 8500,
      wishes.paymentPolicy ?? 'none',
    ],
  );
  for (const staffId of wishes.staffIds ?? []) {
    await app.sql('insert into service_resource (service_id, resource_id) values ($1, $2)', [id, staffId]);
  }
  return id;
}

/** Weekly hours of a person (or, with null, of the salon) in place of those before: the same on each of the days, 1 is Monday. */
export async function theirHours(
  app: TestApp,
  resourceId: string | null,
  days: readonly number[],
  from: string,
  to: string,
): Promise<void> {
  await app.sql('delete from weekly_hours where resource_id is not distinct from $1', [resourceId]);
  for (const weekday of days) {
    const values = [newId(), resourceId, weekday, from, to];
    await app.sql(
      'insert into weekly_hours (id, resource_id, weekday, opens_at, closes_at) values ($1, $2, $3, $4, $5)',
      values,
    );
  }
}

/** Somebody at an address of their own on the network. */
export function fromAddress(app: TestApp, remoteAddress: string) {
  return {
    post: async (url: string, payload: object, headers: Record<string, string> = {}) => {
      const response = await app.app.inject({ method: 'POST', url, payload, headers, remoteAddress });
      const body: Record<string, unknown> = JSON.parse(response.payload);
      return { status: response.statusCode, headers: response.headers, body };
    },
  };
}

interface BookingWishes {
  name?: string;
  phone?: string | null;
  email?: string | null;
  timeZone?: string | null;
  status?: 'held' | 'confirmed' | 'cancelled';
  /** RFC 3339; an hour long. */
  startsAt: string;
  serviceName?: string;
}

/** Ids of a booking and of what it stands on. */
export interface MadeBooking {
  id: string;
  customerId: string;
  resourceId: string;
  phone: string | null;
  email: string | null;
}

let people = 0;

/** A number nobody else in this run has; the fictional 555-01xx range is too small, so that area codes vary. */
export function aPhone(): string {
  people += 1;
  return `+1415${String(2_000_000 + ((process.pid * 997 + people) % 7_999_999)).padStart(7, '0')}`;
}

/** A booking with a customer, a service and a person of its own, written past the app: no event tells of it. */
export async function aBooking(app: Writable, wishes: BookingWishes): Promise<MadeBooking> {
  const [id, customerId, resourceId] = [newId(), newId(), newId()];
  const phone = wishes.phone === undefined ? aPhone() : wishes.phone;
  const email = wishes.email === undefined ? `guest-${id}@example.com` : wishes.email;
  const status = wishes.status ?? 'confirmed';
  await app.sql(
    `insert into customer (id, name, phone, email, time_zone, version) values ($1, $2, $3, $4, $5, 1)`,
    [customerId, wishes.name ?? 'Ada Lovelace', phone, email, wishes.timeZone ?? null],
  );
  await app.sql(`insert into resource (id, name, version) values ($1, 'Grace', 1)`, [resourceId]);
  const serviceId = await aService(app, {
    staffIds: [resourceId],
    ...(wishes.serviceName ? { name: `${wishes.serviceName} ${id}` } : {}),
  });
  await app.sql(
    `insert into booking (id, reference, customer_id, service_id, resource_id, service_name, starts_at, ends_at, status, hold_expires_at, source,
       total_minor, due_to_confirm_minor, currency, payment_policy, policy_snapshot, reference_start, cancelled_by, created_at, version)
     select $1, $2, $3, $4, $5, $6, $7::timestamptz, $7::timestamptz + interval '1 hour', $8, case when $8 = 'held' then app_now() + interval '10 minutes' end,
       'public', 8500, case when $8 = 'held' then 8500 else 0 end, currency, case when $8 = 'held' then 'full' else 'none' end, '{}', $7::timestamptz,
       case when $8 = 'cancelled' then 'customer' end, app_now(), 1 from business`,
    [
      id,
      aReference(id),
      customerId,
      serviceId,
      resourceId,
      wishes.serviceName ?? 'Haircut',
      wishes.startsAt,
      status,
    ],
  );
  return { id, customerId, resourceId, phone, email };
}

/** Six sayable characters out of an id. */
function aReference(id: string): string {
  const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  return [...createHash('sha256').update(id).digest().subarray(0, 6)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join('');
}

/** Tells everyone of a fact about a booking, in a transaction of its own, as the bookings module does. */
export async function tell(
  app: TestApp,
  topic: BookingTopic,
  bookingId: string,
  revision = 1,
  more: Record<string, string | boolean> = {},
): Promise<void> {
  const event = { topic, payload: { bookingId, revision, by: 'customer', ...more } };
  await app.get(Database).transact(WORKER, (em) => app.get(Outbox).add(em, event));
}
