import {
  grouped,
  isWished,
  isWithin,
  median,
  periodOf,
  share,
  sum,
  type BookingRow,
  type MessageRow,
  type Movement,
  type Question,
  type RawRows,
} from './rows.js';

/** As docs/analytics.md says of `revenue`. */
export function revenue(data: RawRows, question: Question) {
  const of = (rows: readonly Movement[]) => {
    const moved = (kind: Movement['kind']) =>
      Math.abs(
        sum(
          rows.filter((row) => row.kind === kind),
          ({ minor }) => minor,
        ),
      );
    return {
      payments: rows.filter(({ kind }) => kind === 'captured').length,
      ...{ captured: moved('captured'), refunded: moved('refunded'), lost: moved('lost') },
      net: sum(rows, ({ minor }) => minor),
    };
  };
  const money = data.movements(question);
  const byId = new Map(data.bookings.map((row) => [row.id, row]));
  const begun = data.payments.filter(
    (row) =>
      row.provider === 'stripe' &&
      isWithin(row.created_at, question) &&
      isWished(byId.get(row.booking_id), question),
  );
  const attempted = begun.filter(
    (row) => row.error_code !== null || !['open', 'canceled'].includes(row.state),
  ).length;
  const succeeded = begun.filter(({ state }) => state === 'succeeded').length;
  const declined = begun.filter((row) => row.error_code !== null && row.state !== 'succeeded');
  const owing = data
    .inRange(question)
    .filter(
      (row) =>
        ['confirmed', 'completed'].includes(row.status) &&
        !row.payment_waived &&
        row.paid_minor < row.total_minor,
    );
  return {
    total: of(money),
    periods: grouped(money, ({ at }) => periodOf(at, question.granularity)).map(([period, rows]) => ({
      period,
      ...of(rows),
    })),
    success: { attempted, succeeded, rate: share(succeeded, attempted) },
    declines: Object.fromEntries(
      grouped(declined, (row) => row.error_code ?? '').map(([code, rows]) => [code, rows.length]),
    ),
    outstanding: { bookings: owing.length, amount: sum(owing, (row) => row.total_minor - row.paid_minor) },
  };
}

/** As docs/analytics.md says of `notifications`. */
export function notifications(data: RawRows, question: Question) {
  const planned = data.messages.filter((row) => isWithin(row.created_at, question));
  const rate = (rows: readonly MessageRow[]) => {
    const sent = rows.filter(({ accepted_at }) => accepted_at !== null);
    return share(sent.filter(({ automatic }) => automatic).length, sent.length);
  };
  const texted = new Set(
    planned.filter((row) => row.channel === 'sms' && row.accepted_at).map((row) => row.to_hash),
  ).size;
  const stopped = data.optOuts.filter(
    (row) => row.channel === 'sms' && !row.lifted_at && isWithin(row.opted_out_at, question),
  ).length;
  const reminders = new Map(
    grouped(
      data.messages.filter(({ family, accepted_at }) => family === 'booking_reminder' && accepted_at),
      (row) => row.booking_id ?? '',
    ),
  );
  const visits = data.bookings.filter(
    (row) => ['completed', 'no_show'].includes(row.status) && isWithin(row.starts_at, question),
  );
  const isReminded = (visit: BookingRow) =>
    (reminders.get(visit.id) ?? []).some(
      ({ accepted_at }) => accepted_at !== null && accepted_at < visit.starts_at,
    );
  return {
    channels: grouped(planned, ({ channel }) => channel).map(([channel, rows]) => {
      const sent = rows.filter(({ accepted_at }) => accepted_at !== null);
      const delivered = rows.filter(({ state }) => state === 'delivered').length;
      const automatic = sent.filter((row) => row.automatic).length;
      return {
        ...{ channel, planned: rows.length, accepted: sent.length, delivered },
        failed: rows.filter(({ state }) => state === 'failed' || state === 'undelivered').length,
        ...{ deliveryRate: share(delivered, sent.length), automatic, manual: sent.length - automatic },
        templated: sent.filter(({ family }) => family !== 'manual' && family !== 'test').length,
        segments: sum(sent, (row) => row.segments ?? 0),
        automationRate: rate(rows),
        medianSeconds: median(
          sent.map((row) => Math.max(0, ((row.accepted_at?.getTime() ?? 0) - row.due_at.getTime()) / 1_000)),
        ),
      };
    }),
    failures: Object.fromEntries(
      grouped(
        planned.filter(({ state }) => state === 'failed' || state === 'undelivered'),
        (row) => `${row.channel}/${row.error_code ?? ''}`,
      ).map(([key, rows]) => [key, rows.length]),
    ),
    ...{
      recipients: texted,
      optOuts: stopped,
      optOutRate: share(stopped, texted),
      automationRate: rate(planned),
    },
    reminded: [true, false].flatMap((reminded) => {
      const own = visits.filter((visit) => isReminded(visit) === reminded);
      const noShows = own.filter(({ status }) => status === 'no_show').length;
      const said = own.filter(({ attendance_confirmed_at: at }) => at !== null).length;
      return own.length === 0
        ? []
        : [
            {
              reminded,
              completed: own.length - noShows,
              noShows,
              noShowRate: share(noShows, own.length),
              confirmedRate: share(said, own.length),
            },
          ];
    }),
  };
}
