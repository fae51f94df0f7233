import { intlWallClock } from '../intl-wall-clock.js';
import type { TestApp } from '../test-app.js';

const ZONE = 'America/New_York';
export const MINUTE = 60_000;
export const DAY = 1_440 * MINUTE;
export const wall = intlWallClock(ZONE);

export interface BookingRow {
  id: string;
  customer_id: string;
  service_id: string;
  resource_id: string;
  starts_at: Date;
  ends_at: Date;
  created_at: Date;
  status: string;
  source: string;
  total_minor: number;
  paid_minor: number;
  payment_waived: boolean;
  cancelled_by: string | null;
  cancelled_late: boolean | null;
  attendance_confirmed_at: Date | null;
}
export interface PaymentRow {
  id: string;
  booking_id: string;
  customer_id: string;
  provider: string;
  state: string;
  amount_minor: number;
  refunded_minor: number;
  error_code: string | null;
  dispute_state: string | null;
  disputed_at: Date | null;
  created_at: Date;
  settled_at: Date | null;
}
export interface RefundRow {
  booking_id: string;
  customer_id: string;
  payment_id: string;
  state: string;
  amount_minor: number;
  settled_at: Date | null;
}
export interface MessageRow {
  booking_id: string | null;
  channel: string;
  family: string;
  state: string;
  to_hash: string;
  error_code: number | null;
  automatic: boolean;
  segments: number | null;
  created_at: Date;
  due_at: Date;
  accepted_at: Date | null;
}
export interface Stretch {
  resource_id: string | null;
  starts_at: Date;
  ends_at: Date;
}
export interface HoursRow {
  resource_id: string | null;
  weekday: number;
  opens_at: string;
  closes_at: string;
}
export interface ExceptionRow {
  resource_id: string | null;
  date: string;
  intervals: { from: string; to: string }[];
}
export interface OptOutRow {
  channel: string;
  opted_out_at: Date;
  lifted_at: Date | null;
}

export interface EventRow {
  id: string;
  booking_id: string;
  type: string;
  actor_kind: string;
  actor_id: string | null;
  at: Date;
  before: unknown;
}
export interface LinkRow {
  booking_id: string;
  synced_hash: string | null;
  synced_at: Date | null;
  suppressed: boolean;
}
export interface SessionRow {
  customer_id: string;
  created_at: Date;
  last_seen_at: Date | null;
}
export interface TallyRow {
  day: string;
  method: string;
  route: string;
  outcome: string;
  requests: number;
}

/** What a report is asked for. */
export interface Question {
  from: string;
  to: string;
  granularity: 'day' | 'week' | 'month';
  staffId?: string | undefined;
  serviceId?: string | undefined;
}

export interface Movement {
  booking: BookingRow;
  at: Date;
  kind: 'captured' | 'refunded' | 'lost';
  minor: number;
}

export const share = (part: number, whole: number) =>
  whole === 0 ? null : Number((part / whole).toFixed(4));
export const mean = (sum: number, count: number) => (count === 0 ? null : Math.round(sum / count));
export const sum = <T>(rows: readonly T[], of: (row: T) => number) =>
  rows.reduce((all, row) => all + of(row), 0);
export const localOf = (at: Date) => new Date(wall(Math.floor(at.getTime() / MINUTE)) * MINUTE);
export const dateOf = (at: Date) => localOf(at).toISOString().slice(0, 10);
export const isoWeekday = (date: string) => ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
export const plusDays = (date: string, days: number) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
export const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? null : (low + high) / 2;
};

export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

export function periodOf(at: Date, granularity: Question['granularity']): string {
  const date = dateOf(at);
  if (granularity === 'day') return date;
  return granularity === 'month' ? `${date.slice(0, 7)}-01` : plusDays(date, 1 - isoWeekday(date));
}

/** The rows of one salon, read once. */
export class RawRows {
  private constructor(
    readonly bookings: readonly BookingRow[],
    readonly payments: readonly PaymentRow[],
    readonly refunds: readonly RefundRow[],
    readonly messages: readonly MessageRow[],
    readonly services: readonly { id: string; name: string; active: boolean }[],
    readonly staff: readonly { id: string; name: string; active: boolean }[],
    readonly optOuts: readonly OptOutRow[],
    readonly away: readonly Stretch[],
    readonly taken: readonly Stretch[],
    readonly weekly: readonly HoursRow[],
    readonly exceptions: readonly ExceptionRow[],
    readonly events: readonly EventRow[],
    readonly links: readonly LinkRow[],
    readonly sessions: readonly SessionRow[],
    readonly tallies: readonly TallyRow[],
    readonly receipts: readonly { payment_id: string }[],
    readonly now: Date,
  ) {}

  static async of(app: TestApp, now: number): Promise<RawRows> {
    const all = <Row extends object>(table: string) =>
      app.sql<Row & Record<string, unknown>>(`select * from ${table}`);
    return new RawRows(
      await all<BookingRow>('booking'),
      await all<PaymentRow>('payment'),
      await all<RefundRow>('refund'),
      await all<MessageRow>('message'),
      await all('service'),
      await all('resource'),
      await all<OptOutRow>('opt_out'),
      [...(await all<Stretch>('time_off')), ...(await all<Stretch>('external_busy'))],
      await app.sql(
        'select resource_id, lower(during) as starts_at, upper(during) as ends_at from allocation where active',
      ),
      await all<HoursRow>('weekly_hours'),
      await app.sql(
        `select resource_id, to_char(date, 'YYYY-MM-DD') as date, intervals from hours_exception`,
      ),
      await all<EventRow>('booking_event'),
      await all<LinkRow>('calendar_link'),
      await app.sql(`select * from session where kind = 'customer'`),
      await app.sql(
        `select to_char(day, 'YYYY-MM-DD') as day, method, route, outcome, requests::int as requests from request_tally`,
      ),
      await all('receipt'),
      new Date(now),
    );
  }

  /** Bookings that begin on the days asked for, by whom and of what is asked for. */
  inRange(question: Question): BookingRow[] {
    return this.bookings.filter((row) => isWithin(row.starts_at, question) && isWished(row, question));
  }

  visits(question: Question): BookingRow[] {
    return this.inRange(question).filter(({ status }) => VISITS.includes(status));
  }

  movements(question: Question): Movement[] {
    return this.allMovements().filter(
      ({ at, booking }) => isWithin(at, question) && isWished(booking, question),
    );
  }

  allMovements(): Movement[] {
    const bookings = new Map(this.bookings.map((row) => [row.id, row]));
    const bookingOf = (id: string): BookingRow => {
      const found = bookings.get(id);
      if (!found) throw new Error(`no booking ${id}`);
      return found;
    };
    const counted = this.payments.filter(({ state }) => state === 'succeeded');
    const ids = new Set(counted.map(({ id }) => id));
    return [
      ...counted.map((row) => ({
        booking: bookingOf(row.booking_id),
        at: when(row.settled_at),
        kind: 'captured' as const,
        minor: row.amount_minor,
      })),
      ...this.refunds
        .filter((row) => row.state === 'succeeded' && ids.has(row.payment_id))
        .map((row) => ({
          booking: bookingOf(row.booking_id),
          at: when(row.settled_at),
          kind: 'refunded' as const,
          minor: -row.amount_minor,
        })),
      ...counted
        .filter((row) => row.dispute_state === 'lost')
        .map((row) => ({
          booking: bookingOf(row.booking_id),
          at: when(row.disputed_at),
          kind: 'lost' as const,
          minor: row.refunded_minor - row.amount_minor,
        })),
    ];
  }
}

const VISITS = ['confirmed', 'completed', 'no_show'];

function when(at: Date | null): Date {
  if (!at) throw new Error('no time');
  return at;
}

export function isWithin(at: Date, { from, to }: Question): boolean {
  const date = dateOf(at);
  return date >= from && date <= to;
}

export function isWished(row: BookingRow | undefined, { staffId, serviceId }: Question): boolean {
  return (!staffId || row?.resource_id === staffId) && (!serviceId || row?.service_id === serviceId);
}

export function isLateCancellation(row: BookingRow): boolean {
  return row.status === 'cancelled' && row.cancelled_by === 'customer' && row.cancelled_late === true;
}

/** Rows by the local period of something about them. */
export function byPeriod(rows: readonly BookingRow[], { granularity }: Question): [string, BookingRow[]][] {
  return grouped(rows, ({ starts_at }) => periodOf(starts_at, granularity));
}
