import { newId } from '../../src/common/ids.js';
import type { Sql } from '../support/own-database.js';
import type { Random } from '../support/random.js';

/** Half-hour visits from nine to six. */
const STARTS_A_DAY = 18;
const SALON_STAFF = 5;
const OTHER_STAFF = 20;
/** Days ahead in which the salon has bookings already, and how many of its starts are taken. */
const BUSY_DAYS = 60;
const BUSY_SHARE = 0.4;
const FIRST_BENCH_DAY = 3;
const LAST_BENCH_DAY = 690;

/** The salon the load is put on. */
export interface BenchSalon {
  /** A service of five people whose calendars are well filled: for slots. */
  serviceId: string;
  staffIds: readonly string[];
  /** A service of twenty others with almost empty calendars: for bookings that must all succeed. */
  otherServiceId: string;
  otherStaffIds: readonly string[];
  /** Local dates from the day after tomorrow on. */
  dates: readonly string[];
  /** When the salon opens on each day that bookings of the load go to, as epoch ms. */
  openings: readonly number[];
}

/** Opens the salon and fills it with so many bookings: those to come in the next 60 days, the rest long over. */
export async function seedSalon(sql: Sql, random: Random, bookings: number): Promise<BenchSalon> {
  await sql(`select setseed($1)`, [random.next()]);
  await sql('update business set horizon_days = 730, max_active_bookings = 1000');
  await sql('delete from weekly_hours');
  await sql(`insert into weekly_hours (id, weekday, opens_at, closes_at)
             select gen_random_uuid(), day, '09:00', '18:00' from generate_series(1, 7) as day`);
  const [serviceId, otherServiceId] = [await aService(sql, 'Haircut'), await aService(sql, 'Colour')];
  const staffIds = await people(sql, serviceId, SALON_STAFF);
  const otherStaffIds = await people(sql, otherServiceId, OTHER_STAFF);
  const future = await fillFuture(sql, serviceId, staffIds);
  await addHistory(sql, { serviceId, staffIds, otherStaffIds }, Math.max(0, bookings - future));
  const days = await sql<{ date: string; opens: number }>(
    `select to_char(day, 'YYYY-MM-DD') as date,
            (extract(epoch from (day + time '09:00') at time zone b.time_zone) * 1000)::float8 as opens
       from business b, lateral (select current_date + n as day from generate_series(2, $1::int) as n) as days order by day`,
    [LAST_BENCH_DAY],
  );
  return {
    serviceId,
    staffIds,
    otherServiceId,
    otherStaffIds,
    dates: days.map((day) => day.date),
    openings: days.slice(FIRST_BENCH_DAY - 2).map((day) => day.opens),
  };
}

/** Bookings that are over, ever further back: `many` of them on top of what stands. */
export async function addHistory(
  sql: Sql,
  salon: Pick<BenchSalon, 'serviceId' | 'staffIds' | 'otherStaffIds'>,
  many: number,
): Promise<void> {
  const staff = [...salon.staffIds, ...salon.otherStaffIds];
  const [last] = await sql<{ day: number }>(
    `select coalesce(max(current_date - starts_at::date), 0)::int as day from booking where starts_at < now()`,
  );
  const perDay = staff.length * STARTS_A_DAY;
  await insertBookings(sql, salon.serviceId, staff, {
    rows: `select current_date - ($3::int + 2 + n / ${perDay}) as day, n % ${perDay} / ${STARTS_A_DAY} as person, n % ${STARTS_A_DAY} as place
             from generate_series(0, $4::int - 1) as n`,
    values: [last?.day ?? 0, many],
    status: 'completed',
  });
}

/** So many free starts that each is booked once, in an order that looks random. */
export function freshStarts(
  { otherStaffIds, openings }: Pick<BenchSalon, 'otherStaffIds' | 'openings'>,
  random: Random,
): () => { staffId: string; start: string } {
  const total = otherStaffIds.length * openings.length * STARTS_A_DAY;
  const stride = coprimeTo(total, random.int(Math.floor(total / 3), Math.floor(total / 2)));
  let place = random.int(0, total - 1);
  let left = total;
  return () => {
    if ((left -= 1) < 0)
      throw new Error('the load has booked every start there was: measure for fewer seconds');
    place = (place + stride) % total;
    const day = Math.floor(place / STARTS_A_DAY / otherStaffIds.length);
    const staffId = otherStaffIds[Math.floor(place / STARTS_A_DAY) % otherStaffIds.length] ?? '';
    const start = new Date((openings[day] ?? 0) + (place % STARTS_A_DAY) * 30 * 60_000).toISOString();
    return { staffId, start };
  };
}

function coprimeTo(total: number, from: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = from;
  while (divisor(stride, total) !== 1) stride += 1;
  return stride;
}

/** `policy`: whether something is to be paid before a booking is confirmed. */
export async function aService(sql: Sql, name: string, policy: 'none' | 'full' = 'none'): Promise<string> {
  const id = newId();
  await sql(
    `insert into service (id, name, duration_minutes, step_minutes, price_minor, currency, payment_policy)
     select $1, $2, 30, 30, 8500, currency, $3 from business`,
    [id, name, policy],
  );
  return id;
}

export async function people(sql: Sql, serviceId: string, many: number): Promise<string[]> {
  const ids = Array.from({ length: many }, () => newId());
  await sql(`insert into resource (id, name) select id, 'Stylist' from unnest($1::uuid[]) as id`, [ids]);
  await sql(
    'insert into service_resource (service_id, resource_id) select $1, id from unnest($2::uuid[]) as id',
    [serviceId, ids],
  );
  return ids;
}

async function fillFuture(sql: Sql, serviceId: string, staff: readonly string[]): Promise<number> {
  return insertBookings(sql, serviceId, staff, {
    rows: `select current_date + day as day, person, place
             from generate_series(1, $3::int) as day, generate_series(0, ${staff.length - 1}) as person,
                  generate_series(0, ${STARTS_A_DAY - 1}) as place where random() < $4::float8`,
    values: [BUSY_DAYS, BUSY_SHARE],
    status: 'confirmed',
  });
}

interface Rows {
  /** Yields day, person (index in the list of staff) and place (index of the start in the day); takes $3 and on. */
  rows: string;
  values: unknown[];
  status: 'confirmed' | 'completed';
}

/** A customer for every ten bookings. The references count up in the alphabet that people can say; where the app has given one
 * away by chance, the salon has a booking less. */
async function insertBookings(
  sql: Sql,
  serviceId: string,
  staff: readonly string[],
  { rows, values, status }: Rows,
): Promise<number> {
  const [made] = await sql<{ count: number }>(
    `with place as materialized (
       select gen_random_uuid() as id, day, person, place, row_number() over () - 1 as n from (${rows}) as r),
     start as (
       select place.*, (day + time '09:00' + place * interval '30 min') at time zone b.time_zone as at, b.currency,
              (select count(*) from booking) + n as number
         from place, business b),
     cu as (
       insert into customer (id, name, phone, email)
       select md5('customer' || number)::uuid, 'Somebody', '+1999' || lpad(number::text, 8, '0'), number || '@bench.example'
         from start where n % 10 = 0 returning id),
     bk as (
       insert into booking (id, reference, customer_id, service_id, resource_id, service_name, starts_at, ends_at, status, source,
              total_minor, due_to_confirm_minor, currency, payment_policy, policy_snapshot, reference_start, created_at)
       select id, (select string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', ((number >> (5 * k)) & 31)::int + 1, 1), '')
                     from generate_series(0, 5) as k),
              md5('customer' || (number - n % 10))::uuid, $1::uuid, ($2::uuid[])[person + 1], 'Haircut', at, at + interval '30 min',
              '${status}', 'public', 8500, 0, currency, 'none', '{}', at, at - interval '7 days'
         from start on conflict (reference) do nothing returning id, resource_id, starts_at, ends_at),
     al as (
       insert into allocation (id, booking_id, resource_id, during)
       select gen_random_uuid(), id, resource_id, tstzrange(starts_at, ends_at) from bk returning 1)
     select count(*)::int as count from al`,
    [serviceId, staff, ...values],
  );
  return made?.count ?? 0;
}

/** The tables of the baseline, bare but for the constraint that forbids a double booking. */
export async function prepareBaseline(sql: Sql): Promise<void> {
  await sql('create schema baseline');
  await sql(`create table baseline.booking (id uuid primary key, customer_name text not null, customer_phone text not null,
    customer_email text not null, service_id uuid not null, starts_at timestamptz not null, ends_at timestamptz not null)`);
  await sql(`create table baseline.allocation (id uuid primary key, booking_id uuid not null references baseline.booking (id),
    resource_id uuid not null, during tstzrange not null, active boolean not null default true,
    constraint allocation_no_overlap exclude using gist (resource_id with =, during with &&) where (active))`);
  await sql(`create table baseline.outbox_message (id uuid primary key, topic text not null, dedupe_key text not null unique,
    payload jsonb not null, created_at timestamptz not null default now())`);
}
