import { madeAt } from '../database/id-time.sql.js';
import { statement } from '../database/statement.js';
import { LATE_CANCELLATION, MOVEMENTS, VISIT } from './fragments.sql.js';
import {
  CHANNELS,
  FIGURES_BEFORE,
  RIPE_FIGURES,
  type DayFigure,
  type MessageFigure,
} from './report-days.types.js';
import { RETURN_DAYS } from './return-days.js';

/**
 * All of these statements speak of local days to be counted, in their order: $1 the days, $2 their first instants and $3 the ones after their
 * last. Those that count everything also of $4, when the salon is open on them, as a multirange of epoch minutes, and of $5, their bookable and
 * booked minutes: a list of { day, figures }.
 */
const nthOf = (instant: string) => `width_bucket(${instant}, $2::timestamptz[])`;
/** The day an instant is on. Searched in the list and not joined to it: a row is compared with nine days of a year, not with all of them. */
const dayOf = (instant: string) => `($1::date[])[${nthOf(instant)}] as day`;
/** On one of the days; also between the first and the last of them, by which alone rows are found. */
const during = (instant: string) =>
  `${instant} >= ($2::timestamptz[])[1] and ${instant} < ($3::timestamptz[])[cardinality($3::timestamptz[])] and ${instant} < ($3::timestamptz[])[${nthOf(instant)}]`;

/** Figures by their names, as one value. */
const figures = (of: Partial<Record<DayFigure, string>>) =>
  `jsonb_build_object(${Object.entries(of)
    .map(([figure, sql]) => `'${figure}', ${sql}`)
    .join(', ')}) as figures`;
const count = (condition: string) => `count(*) filter (where ${condition})`;

const NEXT_IS_BOOKED = `exists (
  select from booking n where n.customer_id = b.customer_id and n.id <> b.id and n.created_at >= b.starts_at
     and n.created_at < b.ends_at + interval '2 hours' and n.status not in ('held', 'expired'))`;

/** A booking that begins while its person is still with another. */
const IS_DOUBLE = `exists (
  select from allocation a join allocation o on o.resource_id = a.resource_id and o.during && a.during
   where a.booking_id = b.id and a.active and o.active and (lower(o.during), o.id) < (lower(a.during), a.id))`;

const VISITS = `
  select ${dayOf('b.starts_at')}, ${figures({
    visits: count(VISIT),
    noShows: count(`b.status = 'no_show'`),
    lateCancellations: count(LATE_CANCELLATION),
    doubleBookings: count(IS_DOUBLE),
  })}, coalesce(array_agg(distinct hashtextextended(b.customer_id::text, 0)) filter (where ${VISIT}), '{}') as visitors
    from booking b where ${during('b.starts_at')} group by 1`;

/** Completed visits, which of them was its customer's first, and whether another one followed within so many days of 24 hours. */
const COMPLETED = `
  select ${dayOf('b.starts_at')}, ${figures({
    completed: 'count(*)',
    rebooked: count(NEXT_IS_BOOKED),
    firstVisits: count('f.is_first'),
    ...Object.fromEntries(
      RETURN_DAYS.map((days) => [
        `returned${days}`,
        count(`n.starts_at <= b.starts_at + interval '${days} days'`),
      ]),
    ),
  })}
    from booking b
    cross join lateral (
      select not exists (select from booking e where e.customer_id = b.customer_id and e.status = 'completed'
                            and (e.starts_at, e.id) < (b.starts_at, b.id)) as is_first offset 0) f
    cross join lateral (
      select min(n.starts_at) as starts_at from booking n
       where f.is_first and n.customer_id = b.customer_id and n.status = 'completed' and n.starts_at > b.starts_at) n
   where b.status = 'completed' and ${during('b.starts_at')} group by 1`;

const figuresOfReminded = (group: 'reminded' | 'notReminded') => {
  const isMeant = group === 'reminded' ? 'm.is_reminded' : 'not m.is_reminded';
  return {
    [`${group}Completed`]: count(`${isMeant} and b.status = 'completed'`),
    [`${group}NoShows`]: count(`${isMeant} and b.status = 'no_show'`),
    [`${group}SaidTheyCome`]: count(`${isMeant} and b.attendance_confirmed_at is not null`),
  };
};
const REMINDED = `
  select ${dayOf('b.starts_at')}, ${figures({ ...figuresOfReminded('reminded'), ...figuresOfReminded('notReminded') })}
    from booking b
    cross join lateral (
      select coalesce(min(m.accepted_at) < b.starts_at, false) as is_reminded from message m
       where m.booking_id = b.id and m.family = 'booking_reminder') m
   where b.status in ('completed', 'no_show') and ${during('b.starts_at')} group by 1`;

/** Which messages of a channel a figure counts. */
const MESSAGES_OF: Record<Exclude<MessageFigure, 'segments'>, string> = {
  planned: 'true',
  accepted: 'm.accepted_at is not null',
  delivered: `m.state = 'delivered'`,
  failed: `m.state in ('failed', 'undelivered')`,
  automatic: 'm.accepted_at is not null and m.automatic',
  manual: 'm.accepted_at is not null and not m.automatic',
  templated: `m.accepted_at is not null and m.family not in ('manual', 'test')`,
};
const MESSAGE_COUNTS = Object.fromEntries(
  CHANNELS.flatMap((channel) => [
    ...Object.entries(MESSAGES_OF).map(([figure, condition]) => [
      `${channel}.${figure}`,
      count(`m.channel = '${channel}' and ${condition}`),
    ]),
    [
      `${channel}.segments`,
      `coalesce(sum(m.segments) filter (where m.channel = '${channel}' and m.accepted_at is not null), 0)`,
    ],
  ]),
);
const msOf = (channel: (typeof CHANNELS)[number]) =>
  `coalesce(array_agg(least(greatest(date_part('epoch', m.accepted_at - m.due_at) * 1000, 0), 2147483647)::int)
     filter (where m.channel = '${channel}' and m.accepted_at is not null), '{}') as ${channel}_ms`;

const MESSAGES = `
  select ${dayOf('m.created_at')}, ${figures(MESSAGE_COUNTS)}, ${msOf('sms')}, ${msOf('email')},
         coalesce(array_agg(distinct hashtextextended(m.to_hash, 0)) filter (where m.channel = 'sms' and m.accepted_at is not null), '{}') as texted
    from message m where ${during('m.created_at')} and m.direction = 'out' group by 1`;

const FAILURES = `
  select day, '{}'::jsonb as figures, jsonb_agg(jsonb_build_object('channel', channel, 'code', code, 'reason', reason, 'messages', messages)) as failures
    from (select ${dayOf('m.created_at')}, m.channel, m.error_code as code, min(m.reason) as reason, count(*) as messages
            from message m where ${during('m.created_at')} and m.direction = 'out' and m.state in ('failed', 'undelivered')
           group by 1, 2, 3) f group by 1`;

/** What customers and staff did about bookings, and in how many five minutes each of the staff did something. */
const ACTIONS = `
  select e.day, ${figures({
    own: count('e.own'),
    byStaff: count('not e.own'),
    afterHours: count(`e.own and not ($4::int4multirange @> floor(date_part('epoch', e.at) / 60)::int)`),
    made: count('e.is_new'),
    staffSpells: `count(distinct (e.actor_id, floor(date_part('epoch', e.at) / 300))) filter (where not e.own)`,
    moves: count(`e.own and e.type = 'rescheduled'`),
    cancellations: count(`e.own and e.type = 'cancelled'`),
  })}
    from (select ${dayOf('e.at')}, e.at, e.type, e.actor_id, e.before is null as is_new, e.actor_kind in ('customer', 'guest') as own
            from booking_event e where ${during('e.at')} and e.actor_kind in ('customer', 'guest', 'staff')
             and (e.before is null or e.type in ('rescheduled', 'cancelled', 'attendance_confirmed'))) e group by 1`;

const MONEY = `
  select ${dayOf('m.at')}, ${figures({ net: 'coalesce(sum(m.minor), 0)' })} from ${MOVEMENTS} m where ${during('m.at')} group by 1`;

const PAYMENTS = `
  select ${dayOf('p.settled_at')}, ${figures({
    payments: 'count(*)',
    receipts: 'count(r.id)',
    online: count(`p.provider = 'stripe'`),
  })}
    from payment p left join receipt r on r.payment_id = p.id
   where p.state = 'succeeded' and ${during('p.settled_at')} group by 1`;

const CHANGED = `type in ('confirmed', 'rescheduled')`;

/**
 * Standing bookings that were confirmed or moved for the last time on the day and have an event in a calendar, and those whose event was
 * last written within a minute after. Both are read in real time: the change's from its id.
 */
const CALENDAR = `
  select c.day, ${figures({ eventsDue: 'count(*)', eventsInTime: count('c.in_time') })}
    from (select ${dayOf('e.at')}, e.id, bool_and(l.synced_hash is not null and l.synced_at <= ${madeAt('e.id')} + interval '60 seconds') as in_time
            from booking_event e
            join booking b on b.id = e.booking_id and ${VISIT}
            join calendar_link l on l.booking_id = e.booking_id and not l.suppressed
           where ${during('e.at')} and e.${CHANGED}
             and not exists (select from booking_event n where n.booking_id = e.booking_id and n.id > e.id and n.${CHANGED})
           group by 1, 2) c group by 1`;

const USE = `
  select day, figures from jsonb_to_recordset($5::jsonb) as u(day date, figures jsonb)`;

/** A part of what is counted of days: figures, and columns of its own with what they are of a day without rows. */
interface Part {
  readonly sql: string;
  readonly columns?: Readonly<Record<string, string>>;
}
const OF_VISITS: Part = { sql: VISITS, columns: { visitors: '{}' } };
const OF_MESSAGES: Part = { sql: MESSAGES, columns: { sms_ms: '{}', email_ms: '{}', texted: '{}' } };
const OF_FAILURES: Part = { sql: FAILURES, columns: { failures: '[]' } };
const OF_COMPLETED: Part = { sql: COMPLETED };
const OF_REMINDED: Part = { sql: REMINDED };
const SUMS: readonly Part[] = [ACTIONS, MONEY, PAYMENTS, CALENDAR, USE].map((sql) => ({ sql }));
const EVERYTHING = [OF_VISITS, OF_COMPLETED, OF_REMINDED, OF_MESSAGES, OF_FAILURES, ...SUMS];

const columnsOf = (parts: readonly Part[]) => parts.flatMap(({ columns = {} }) => Object.keys(columns));

/** Each of the days with some of what is counted of it. */
const counted = (parts: readonly Part[]) => {
  const columns = parts.flatMap(({ columns = {} }, at) =>
    Object.entries(columns).map(([name, none]) => `, coalesce(p${at}.${name}, '${none}') as ${name}`),
  );
  return `
  select d.day, ${parts.map((_, at) => `coalesce(p${at}.figures, '{}')`).join(' || ')} as figures${columns.join('')}
    from unnest($1::date[]) d(day)
    ${parts.map(({ sql }, at) => `left join (${sql}) p${at} on p${at}.day = d.day`).join('\n    ')}`;
};

/** Counts days and keeps what is found, in their order, in which others may be doing the same. $6 zone. */
export const KEEP_DAYS = statement(
  'report-days-keep',
  `insert into report_day (day, time_zone, kept_at, figures, failures, sms_ms, email_ms, texted, visitors)
   select c.day, $6, app_now(), c.figures, c.failures, c.sms_ms, c.email_ms, c.texted, c.visitors from (${counted(EVERYTHING)}) c order by c.day
   on conflict (day) do update set time_zone = excluded.time_zone, kept_at = excluded.kept_at, figures = excluded.figures,
     failures = excluded.failures, sms_ms = excluded.sms_ms, email_ms = excluded.email_ms, texted = excluded.texted,
     visitors = excluded.visitors`,
);

/** The days of a range that are kept. $1 first, $2 last, $3 zone. */
export const KEPT_DAYS = statement(
  'report-days-kept',
  `select to_char(day, 'YYYY-MM-DD') as day from report_day where day between $1::date and $2::date and time_zone = $3`,
);

/**
 * Which of some days are to be kept, or counted again because that was long ago: more than an hour for late days, a day for older ones. The
 * latest first. $1 days, $2 since when days are late ones, $3 zone, $4 how many at most.
 */
export const DAYS_DUE = statement(
  'report-days-due',
  `select to_char(d.day, 'YYYY-MM-DD') as day from unnest($1::date[]) d(day) left join report_day r on r.day = d.day
    where r.day is null or r.time_zone <> $3 or r.kept_at > app_now()
       or r.kept_at <= app_now() - case when r.day >= $2::date then interval '1 hour' else interval '1 day' end
    order by d.day desc limit $4`,
);

/** Forgets days nobody asks for any more. $1 the first that is asked for. */
export const DAYS_FORGET = statement('report-days-forget', `delete from report_day where day < $1::date`);

/** Kept days and those that are counted now, each with what is asked for. `first` and `last` are the parameters of the kept ones. */
const allDays = (parts: readonly Part[], first: string, last: string) => {
  const columns = ['day', 'figures', ...columnsOf(parts)].join(', ');
  return `
  select ${columns} from report_day where day between ${first}::date and ${last}::date and day <> all($1::date[])
  union all ${counted(parts)}`;
};

/** What figures add up to over some of the `days`. */
const sumsOf = (condition: string) =>
  `(select jsonb_object_agg(figure, amount) from (
     select figure, sum(amount::float8) as amount from days cross join jsonb_each_text(figures) as f(figure, amount) where ${condition} group by 1) s)`;
/** The same of a few figures, which is sooner done. */
const sumsOfThese = (names: readonly DayFigure[], condition: string) =>
  `(select jsonb_build_object(${names.map((name) => `'${name}', coalesce(sum((figures ->> '${name}')::float8), 0)`).join(', ')}) from days where ${condition})`;
const countOf = (column: string, condition: string) =>
  `(select count(*)::int from (select distinct one from days cross join unnest(${column}) one where ${condition}) d)`;

/**
 * What a range of days adds up to, and what is told of the days before it. $6 and $7 the first and last kept, $8 where the range begins, $9 up
 * to when its first visits are ripe.
 */
export const SUM_OF_DAYS = statement(
  'report-days-sum',
  `with days as materialized (${allDays([OF_VISITS, OF_COMPLETED, OF_REMINDED, OF_MESSAGES, ...SUMS], '$6', '$7')})
   select ${sumsOf('day >= $8::date')} as now, ${sumsOfThese(FIGURES_BEFORE, 'day < $8::date')} as before,
          ${sumsOfThese(RIPE_FIGURES, 'day between $8::date and $9::date')} as ripe,
          ${countOf('visitors', 'day >= $8::date')} as customers, ${countOf('visitors', 'day < $8::date')} as "customersBefore"`,
);

const returns = RETURN_DAYS.map((days) => {
  const isRipe = `day <= $6::date - ${days}`;
  return `coalesce(sum(first) filter (where ${isRipe}), 0)::int as "eligible${days}",
          coalesce(sum((figures ->> 'returned${days}')::int) filter (where ${isRipe}), 0)::int as "returned${days}"`;
});

/**
 * By month: customers whose first completed visit was then, how many came again within so many days, among those whose first visit was at
 * least so many days ago, completed visits, and those at which the next one was booked. $4 and $5 the first and last kept, $6 today.
 */
export const COHORTS_OF_DAYS = statement(
  'report-days-cohorts',
  `select to_char(day, 'YYYY-MM') as cohort, coalesce(sum(first), 0)::int as customers, ${returns.join(', ')},
          coalesce(sum((figures ->> 'completed')::int), 0)::int as completed,
          coalesce(sum((figures ->> 'rebooked')::int), 0)::int as rebooked
     from (select *, (figures ->> 'firstVisits')::int as first from (${allDays([OF_COMPLETED], '$4', '$5')}) a) d group by 1 order by 1`,
);

const medianOf = (column: string) =>
  `round((percentile_cont(0.5) within group (order by ms) / 1000)::numeric, 1)::float8 from days cross join unnest(${column}) ms`;

/**
 * What messages and reminded visits of a range of days add up to, what failed in it, most often first, and after how many seconds half of them were taken. $4 and $5
 * the first and last kept.
 */
export const DELIVERY_OF_DAYS = statement(
  'report-days-delivery',
  `with days as materialized (${allDays([OF_REMINDED, OF_MESSAGES, OF_FAILURES], '$4', '$5')}),
   failures as (
     select f.channel, f.code, min(f.reason) as reason, sum(f.messages)::int as messages
       from days cross join jsonb_to_recordset(failures) as f(channel text, code int, reason text, messages int) group by 1, 2
      order by 4 desc, 1, 2 nulls last limit 50)
   select ${sumsOf('true')} as sums,
          coalesce((select jsonb_agg(to_jsonb(f)) from failures f), '[]') as failures,
          ${countOf('texted', 'true')} as recipients,
          (select ${medianOf('sms_ms')}) as sms, (select ${medianOf('email_ms')}) as email`,
);
