import { satisfaction } from './booking-reports.js';
import { retention } from './customer-reports.js';
import { notifications } from './money-reports.js';
import {
  DAY,
  isWithin,
  plusDays,
  share,
  sum,
  type EventRow,
  type Question,
  type RawRows,
  type TallyRow,
} from './rows.js';
import { salonIsOpen, utilization } from './utilization.js';

const RULES = [
  ...['slot-unavailable', 'outside-business-hours', 'min-notice', 'max-horizon', 'off-grid', 'hold-limit'],
  ...['service-staff-mismatch', 'active-booking-limit', 'validation-failed', 'reschedule-window-closed'],
  ...['reschedule-limit', 'invalid-transition'],
];
const requests = (rows: readonly TallyRow[]) => sum(rows, (row) => row.requests);
/** The first 48 bits of such an id are the milliseconds at which it was made. */
const madeAt = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

/** As docs/analytics.md says of `kpis`. */
export function kpis(data: RawRows, question: Question) {
  const days = (Date.parse(question.to) - Date.parse(question.from)) / DAY + 1;
  const earlier = { ...question, from: plusDays(question.from, -days), to: plusDays(question.from, -1) };
  const [messages, visits] = [notifications(data, question), satisfaction(data, question)];
  const reminded = (was: boolean) =>
    messages.reminded.find((row) => row.reminded === was)?.noShowRate ?? null;
  const { own, staff } = actionsOf(data, question);
  const automatic = sum(messages.channels, (row) => row.automatic);
  const paid = data.payments.filter(
    (row) => row.state === 'succeeded' && row.settled_at && isWithin(row.settled_at, question),
  );
  const withReceipt = new Set(data.receipts.map((row) => row.payment_id));
  const of = (type: string) => own.filter((row) => row.type === type).length;
  return {
    automationRate: messages.automationRate,
    templateCoverage: share(
      sum(messages.channels, (row) => row.templated),
      sum(messages.channels, (row) => row.accepted),
    ),
    segmentsPerVisit: share(
      sum(messages.channels, (row) => row.segments),
      data.visits(question).length,
    ),
    bookingsPerStaffHour: share(
      [...own, ...staff].filter(({ before }) => before === null).length * 12,
      new Set(staff.map(({ actor_id: who, at }) => `${who} ${Math.floor(at.getTime() / (5 * 60_000))}`)).size,
    ),
    deliveryRate: messages.channels.find(({ channel }) => channel === 'sms')?.deliveryRate ?? null,
    utilization: utilization(data, question).total.utilization,
    completionRate: visits.total.completionRate,
    retention90: retention(data, question).returns.find(({ withinDays }) => withinDays === 90)?.rate ?? null,
    noShow: {
      rate: visits.total.noShowRate,
      rateBefore: satisfaction(data, earlier).total.noShowRate,
      ...{ reminded: reminded(true), notReminded: reminded(false) },
    },
    ...calendarOf(data, question),
    selfServiceRate: share(own.length, own.length + staff.length),
    afterHoursShare: share(own.filter((row) => !salonIsOpen(data, row.at)).length, own.length),
    portalUsage: portalUsageOf(data),
    ...requestsOf(data, question),
    doubleBookings: 0,
    receiptCoverage: share(paid.filter(({ id }) => withReceipt.has(id)).length, paid.length),
    staffMinutesSaved:
      2 * automatic +
      4 * of('rescheduled') +
      3 * of('cancelled') +
      3 * paid.filter(({ provider }) => provider === 'stripe').length,
    growth: growthOf(data, question, earlier),
  };
}

function actionsOf(data: RawRows, question: Question): { own: EventRow[]; staff: EventRow[] } {
  const counted = data.events.filter(
    (row) =>
      isWithin(row.at, question) &&
      (row.before === null || ['rescheduled', 'cancelled', 'attendance_confirmed'].includes(row.type)),
  );
  return {
    own: counted.filter(({ actor_kind: kind }) => kind === 'customer' || kind === 'guest'),
    staff: counted.filter(({ actor_kind: kind }) => kind === 'staff'),
  };
}

function calendarOf(data: RawRows, question: Question) {
  const standing = new Set(
    data.bookings
      .filter(({ status }) => ['confirmed', 'completed', 'no_show'].includes(status))
      .map(({ id }) => id),
  );
  const latest = new Map<string, EventRow>();
  for (const row of data.events)
    if (['confirmed', 'rescheduled'].includes(row.type) && !((latest.get(row.booking_id)?.id ?? '') > row.id))
      latest.set(row.booking_id, row);
  const last = new Map(
    [...latest.values()]
      .filter((row) => isWithin(row.at, question) && standing.has(row.booking_id))
      .map((row) => [row.booking_id, madeAt(row.id)]),
  );
  const written = data.links.filter((row) => !row.suppressed && last.has(row.booking_id));
  const inTime = written.filter(
    (row) =>
      row.synced_hash !== null &&
      (row.synced_at?.getTime() ?? Infinity) <= (last.get(row.booking_id) ?? 0) + 60_000,
  );
  return { calendarSyncRate: share(inTime.length, written.length), openConflicts: 0 };
}

function portalUsageOf(data: RawRows): number | null {
  const since = Date.now() - 30 * DAY;
  const booked = new Set(data.bookings.filter(({ id }) => madeAt(id) >= since).map((row) => row.customer_id));
  const came = data.sessions.filter((row) => (row.last_seen_at ?? row.created_at).getTime() >= since);
  return share(new Set(came.map((row) => row.customer_id)).size, booked.size);
}

function requestsOf(data: RawRows, { from, to }: Question) {
  const counted = data.tallies.filter(({ day }) => day >= from && day <= to);
  const portal = counted.filter(({ route }) => route.startsWith('/api/customer-portal/'));
  const faults = portal.filter(({ outcome }) => outcome === 'internal' || outcome === 'unavailable');
  const moves = counted.filter(
    ({ method, route }) => method === 'PUT' && route.startsWith('/api/') && route.includes('/reschedule'),
  );
  const asked = [
    ...moves,
    ...counted.filter(({ method, route }) => method === 'POST' && route === '/api/bookings'),
  ];
  const refused = asked.filter(({ outcome }) => RULES.includes(outcome));
  const moved = requests(moves.filter(({ outcome }) => outcome === 'ok'));
  return {
    portalAvailability: share(requests(portal) - requests(faults), requests(portal)),
    preventedErrors: requests(refused),
    prevented: Object.fromEntries(
      [...Map.groupBy(refused, ({ outcome }) => outcome)].map(([rule, own]) => [rule, requests(own)]),
    ),
    rescheduleSuccess: share(moved, moved + requests(moves.filter(({ outcome }) => RULES.includes(outcome)))),
  };
}

function growthOf(data: RawRows, now: Question, before: Question) {
  const figures = (question: Question) => {
    const visits = data.visits(question);
    return {
      bookings: visits.length,
      customers: new Set(visits.map((row) => row.customer_id)).size,
      revenue: sum(data.movements(question), ({ minor }) => minor),
    };
  };
  const [a, b] = [figures(now), figures(before)];
  const growth = (key: keyof typeof a) => share(a[key] - b[key], b[key]);
  return { bookings: growth('bookings'), customers: growth('customers'), revenue: growth('revenue') };
}
