import { v7 } from 'uuid';
import { newId } from '../../src/common/ids.js';
import { DAY, iso, MINUTE, type Row } from './random-rows.js';
import type { Random } from './random.js';

/** The one calendar that events of made-up bookings stand in. */
export const CALENDAR_ID = newId();

/** Accounts that made-up bookings were touched by. */
const STAFF = [newId(), newId(), newId()];

/** An id as it would have been made within the last sixty days of real time. */
export function idOfLately(random: Random): string {
  return v7({ msecs: Date.now() - random.int(0, 60 * 1_440) * MINUTE });
}

interface Traced {
  of: Row;
  status: string;
  start: number;
  created: number;
}

/** What a booking's life leaves behind: its history, and perhaps an event in a calendar that followed in time or did not. */
export function traceOf(
  random: Random,
  { of, status, start, created }: Traced,
  tables: Record<string, Row[]>,
): void {
  const kinds = ['customer', 'guest', 'guest', 'staff', 'system'];
  const isHeld = status === 'held' || status === 'expired';
  const happened: [string, boolean, number][] = [
    [isHeld ? 'held' : 'confirmed', true, created],
    ...(random.next() < 0.3
      ? [['rescheduled', false, created + 60 * MINUTE] as [string, boolean, number]]
      : []),
    ...(random.next() < 0.2
      ? [['attendance_confirmed', false, start - DAY] as [string, boolean, number]]
      : []),
    ...(isHeld || status === 'confirmed'
      ? []
      : [[status, false, start - random.int(0, 2_000) * MINUTE] as [string, boolean, number]]),
  ];
  const real = Date.now() - random.int(0, 1_440) * MINUTE;
  happened.forEach(([type, isFirst, at], index) => {
    tables['booking_event']?.push({
      ...{
        id: v7({ msecs: real + index * 1_000 }),
        ...of,
        revision: 1,
        type,
        actor_kind: random.pick(kinds),
        actor_id: random.pick(STAFF),
      },
      ...{ at: iso(at), before: isFirst ? null : { status: 'confirmed' }, after: { status } },
    });
  });
  if (random.next() < 0.5) return;
  const isWritten = random.next() < 0.9;
  tables['calendar_link']?.push({
    ...{ booking_id: of['booking_id'], calendar_id: CALENDAR_ID, etag: 'x', booking_version: 1 },
    event_id: `lr${String(of['booking_id']).replaceAll('-', '')}`,
    synced_hash: isWritten ? 'h'.repeat(43) : null,
    ...{ suppressed: random.next() < 0.05, synced_at: iso(real + random.int(0, 120) * 1_000) },
  });
}

let receipts = 0;

/** A receipt for most payments that came. */
export function receiptOf(random: Random, of: Row, paymentId: string, amount: number): Row[] {
  if (random.next() < 0.1) return [];
  receipts += 1;
  return [
    {
      ...{
        id: newId(),
        ...of,
        payment_id: paymentId,
        number: receipts,
        amount_minor: amount,
        currency: 'USD',
      },
      ...{ facts: {}, issued_at: iso(Date.now()) },
    },
  ];
}

/** Sign-ins of customers to their portal, now and long ago. */
export function sessionsOf(random: Random, customers: readonly string[]): Row[] {
  return customers
    .filter(() => random.next() < 0.4)
    .map((id) => {
      const created = Date.now() - random.int(0, 60) * DAY;
      return {
        ...{ id: newId(), kind: 'customer', customer_id: id, created_at: iso(created) },
        expires_at: iso(Date.now() + DAY),
        last_seen_at:
          random.next() < 0.5 ? iso(Math.min(Date.now(), created + random.int(0, 20) * DAY)) : null,
      };
    });
}

const ASKED = [
  ['GET', '/api/customer-portal/:id/upcoming'],
  ['PUT', '/api/customer-portal/:id/reschedule/:bookingId'],
  ['PUT', '/api/bookings/:id/reschedule'],
  ['PUT', '/admin/bookings/:id/reschedule'],
  ['POST', '/api/bookings'],
  ['GET', '/api/services'],
] as const;
const OUTCOMES = [
  ...['ok', 'slot-unavailable', 'min-notice', 'validation-failed', 'reschedule-limit', 'rate-limited'],
  ...['internal', 'unavailable', 'not-found'],
];

/** How requests were answered, on every third day. */
export function talliesOf(random: Random, from: number, to: number): Row[] {
  const rows: Row[] = [];
  for (let at = from; at < to; at += 3 * DAY)
    for (const [method, route] of ASKED)
      for (const outcome of OUTCOMES.filter(() => random.next() < 0.5))
        rows.push({ day: iso(at).slice(0, 10), method, route, outcome, requests: random.int(1, 500) });
  return rows;
}
