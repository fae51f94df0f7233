import {
  DAY,
  MINUTE,
  dateOf,
  grouped,
  isWithin,
  mean,
  plusDays,
  share,
  sum,
  type Question,
  type RawRows,
} from './rows.js';

/** As docs/analytics.md says of `customers`. */
export function customers(data: RawRows, question: Question) {
  const money = data.movements(question);
  const completed = data.inRange(question).filter(({ status }) => status === 'completed');
  const ids = new Set([
    ...money.map(({ booking }) => booking.customer_id),
    ...completed.map((row) => row.customer_id),
  ]);
  const moneyOf = new Map(grouped(money, ({ booking }) => booking.customer_id));
  const visitsOf = new Map(grouped(completed, ({ customer_id }) => customer_id));
  const rows = [...ids]
    .map((customerId) => {
      const own = moneyOf.get(customerId) ?? [];
      const came = own.filter(({ kind }) => kind === 'captured');
      const orders = new Set(came.map(({ booking }) => booking.id)).size;
      return {
        ...{
          customerId,
          visits: visitsOf.get(customerId)?.length ?? 0,
          orders,
          netRevenue: sum(own, ({ minor }) => minor),
        },
        captured: sum(came, ({ minor }) => minor),
      };
    })
    .toSorted((a, b) => b.netRevenue - a.netRevenue || (a.customerId < b.customerId ? -1 : 1));
  const [size, larger] = [Math.floor(rows.length / 10), rows.length % 10];
  const decileAt = (index: number) =>
    index < larger * (size + 1)
      ? Math.floor(index / (size + 1)) + 1
      : Math.floor((index - larger * (size + 1)) / size) + larger + 1;
  const tiled = rows.map((row, index) => ({ ...row, decile: decileAt(index) }));
  const came = new Set(
    data.bookings
      .filter((row) => row.status === 'completed' && dateOf(row.starts_at) <= question.to)
      .map((row) => row.customer_id),
  );
  const ever = data
    .allMovements()
    .filter(({ at, booking }) => dateOf(at) <= question.to && came.has(booking.customer_id));
  return {
    customers: rows.length,
    netRevenue: sum(rows, (row) => row.netRevenue),
    averageRevenue: mean(
      sum(rows, (row) => row.netRevenue),
      rows.length,
    ),
    averageOrderValue: mean(
      sum(rows, (row) => row.captured),
      sum(rows, (row) => row.orders),
    ),
    lifetimeValue: mean(
      sum(ever, ({ minor }) => minor),
      came.size,
    ),
    deciles: grouped(tiled, ({ decile }) => String(decile).padStart(2, '0')).map(([decile, own]) => ({
      ...{ decile: Number(decile), customers: own.length, netRevenue: sum(own, (row) => row.netRevenue) },
    })),
    best: tiled.map(({ captured, ...row }) => ({ ...row, averageOrderValue: mean(captured, row.orders) })),
  };
}

/** As docs/analytics.md says of `retention`. */
export function retention(data: RawRows, question: Question) {
  const completed = data.bookings.filter(({ status }) => status === 'completed');
  const firsts = grouped(completed, ({ customer_id }) => customer_id)
    .map(([, rows]) =>
      [...new Set(rows.map(({ starts_at }) => starts_at.getTime()))].toSorted((a, b) => a - b),
    )
    .map(([first = 0, next = Infinity]) => ({ first, next, date: dateOf(new Date(first)) }))
    .filter(({ date }) => date >= question.from && date <= question.to);
  const returnsOf = (rows: typeof firsts) =>
    [30, 60, 90, 180].map((withinDays) => {
      const eligible = rows.filter(({ date }) => plusDays(date, withinDays) <= dateOf(data.now));
      const returned = eligible.filter(({ first, next }) => next <= first + withinDays * DAY).length;
      return { withinDays, eligible: eligible.length, returned, rate: share(returned, eligible.length) };
    });
  const visits = completed.filter((row) => isWithin(row.starts_at, question));
  const bookingsOf = new Map(grouped(data.bookings, ({ customer_id }) => customer_id));
  const rebooked = visits.filter((visit) =>
    bookingsOf
      .get(visit.customer_id)
      ?.some(
        (other) =>
          other.id !== visit.id &&
          !['held', 'expired'].includes(other.status) &&
          other.created_at >= visit.starts_at &&
          other.created_at.getTime() < visit.ends_at.getTime() + 120 * MINUTE,
      ),
  );
  return {
    customers: firsts.length,
    returns: returnsOf(firsts),
    cohorts: grouped(firsts, ({ date }) => date.slice(0, 7)).map(([cohort, rows]) => ({
      ...{ cohort, customers: rows.length, returns: returnsOf(rows) },
    })),
    rebookedAtCheckoutRate: share(rebooked.length, visits.length),
  };
}
