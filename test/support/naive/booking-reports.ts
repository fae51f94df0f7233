import {
  DAY,
  MINUTE,
  byPeriod,
  dateOf,
  grouped,
  isLateCancellation,
  isoWeekday,
  localOf,
  median,
  plusDays,
  share,
  sum,
  type BookingRow,
  type Question,
  type RawRows,
} from './rows.js';

/** As docs/analytics.md says of `booking-patterns`. */
export function patterns(data: RawRows, question: Question) {
  const visits = data.visits(question);
  const lead = (row: BookingRow) => (row.starts_at.getTime() - row.created_at.getTime()) / 3_600_000;
  const bounds = [0, 2, 24, 72, 168, 336, 720];
  return {
    bookings: visits.length,
    medianLeadHours: median(visits.map(lead)),
    hours: grouped(visits, ({ starts_at }) => {
      const local = localOf(starts_at);
      return `${isoWeekday(dateOf(starts_at))}/${String(local.getUTCHours()).padStart(2, '0')}`;
    }).map(([key, rows]) => ({
      ...{ weekday: Number(key.split('/')[0]), hour: Number(key.split('/')[1]), bookings: rows.length },
    })),
    periods: byPeriod(visits, question).map(([period, rows]) => ({ period, bookings: rows.length })),
    leadTimes: bounds.map((from, at) => ({
      ...{ fromHours: from, toHours: bounds[at + 1] ?? null },
      bookings: visits.filter(
        (row) => (at === 0 || lead(row) >= from) && lead(row) < (bounds[at + 1] ?? Infinity),
      ).length,
    })),
    sources: Object.fromEntries(
      grouped(visits, ({ source }) => source).map(([key, rows]) => [key, rows.length]),
    ),
  };
}

/** As docs/analytics.md says of `services`. */
export function servicesReport(data: RawRows, question: Question) {
  const days = (Date.parse(question.to) - Date.parse(question.from)) / DAY + 1;
  const before = { ...question, from: plusDays(question.from, -days), to: plusDays(question.from, -1) };
  const [visits, earlier, all] = [data.visits(question), data.visits(before), data.inRange(question)];
  const money = data.movements(question);
  return data.services
    .map(({ id, name, active }) => {
      const of = (rows: readonly BookingRow[]) => rows.filter((row) => row.service_id === id);
      const own = of(visits);
      const [missed, done] = ['no_show', 'completed'].map(
        (status) => of(all).filter((row) => row.status === status).length,
      );
      return {
        ...{ serviceId: id, name, bookings: own.length, share: share(own.length, visits.length) },
        minutes: sum(own, (row) => (row.ends_at.getTime() - row.starts_at.getTime()) / MINUTE),
        revenue: sum(
          money.filter(({ booking }) => booking.service_id === id),
          ({ minor }) => minor,
        ),
        cancellations: of(all).filter(({ status }) => status === 'cancelled').length,
        ...{ noShows: missed, noShowRate: share(missed ?? 0, (missed ?? 0) + (done ?? 0)) },
        bookingsBefore: of(earlier).length,
        trend: share(own.length - of(earlier).length, of(earlier).length),
        isShown:
          active ||
          of(all).length + of(earlier).length > 0 ||
          money.some(({ booking }) => booking.service_id === id),
      };
    })
    .filter(({ isShown }) => isShown)
    .map(({ isShown: _, ...row }) => row);
}

/** As docs/analytics.md says of `satisfaction`. */
export function satisfaction(data: RawRows, question: Question) {
  const of = (rows: readonly BookingRow[]) => {
    const count = (is: (row: BookingRow) => boolean) => rows.filter(is).length;
    const completed = count(({ status }) => status === 'completed');
    const noShows = count(({ status }) => status === 'no_show');
    const lateCancellations = count(isLateCancellation);
    return {
      ...{ completed, noShows, lateCancellations },
      completionRate: share(completed, completed + noShows + lateCancellations),
      noShowRate: share(noShows, completed + noShows),
    };
  };
  const rows = data
    .inRange(question)
    .filter((row) => row.status === 'completed' || row.status === 'no_show' || isLateCancellation(row));
  return {
    total: of(rows),
    periods: byPeriod(rows, question).map(([period, own]) => ({ period, ...of(own) })),
    staff: grouped(rows, ({ resource_id }) => resource_id).map(([staffId, own]) => ({
      ...{ staffId, name: data.staff.find(({ id }) => id === staffId)?.name, ...of(own) },
    })),
  };
}
