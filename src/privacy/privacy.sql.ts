import { statement } from '../database/statement.js';

/** $1 customer. Locked, as everybody locks first who books for them. */
export const PERSON_LOCK = statement(
  'person-lock',
  'select id, erased_at is not null as erased from customer where id = $1 and merged_into_id is null for no key update',
);

/**
 * $1 customer. For whoever restores an older state: who must not come back, with the guests that were given to them, who would
 * be on their own again. It is known already when it is done a second time.
 */
export const LEDGER_ADD = statement(
  'ledger-add',
  `insert into erasure_ledger (id, customer_id, erased_at)
   select gen_random_uuid(), id, app_now() from customer where id = $1 or merged_into_id = $1
   on conflict on constraint erasure_ledger_once do nothing`,
);

/** $1 customer, $2 reason or null. */
export const HOLD_SET = statement(
  'hold-set',
  'update customer set legal_hold = $2, version = version + 1 where id = $1 and merged_into_id is null and erased_at is null returning id',
);

/** People whom nothing ties to the salon any more. $1 months. Bookings are in app time, rows and sessions in real time. */
const IDLE = `c.erased_at is null and c.merged_into_id is null and c.legal_hold is null
      and c.created_at < now() - make_interval(months => $1)
      and not exists (select from session s where s.customer_id = c.id and s.expires_at > now() - make_interval(months => $1))
      and not exists (select from booking b where b.customer_id = c.id and b.ends_at >= app_now() - make_interval(months => $1))
      and not exists (select from customer g where g.merged_into_id = c.id and g.created_at >= now() - make_interval(months => $1))`;

export const IDLE_COUNT = statement(
  'idle-count',
  `select count(*)::int as rows from customer c where ${IDLE}`,
);

/** $1 months, $2 the id to go on after or null, $3 most. */
export const IDLE_PEOPLE = statement(
  'idle-people',
  `select c.id from customer c where ${IDLE} and ($2::uuid is null or c.id > $2) order by c.id limit $3`,
);

/** $1 months, $2 customer. Asked again under the lock. */
export const IDLE_STILL = statement('idle-still', `select 1 from customer c where c.id = $2 and ${IDLE}`);

/** One process takes the night, which begins at three in the salon's zone; one that died is replaced after an hour. */
export const NIGHT_TAKE = statement(
  'night-take',
  `insert into retention_night (day, started_at)
   select ((app_now() at time zone time_zone) - interval '3 hours')::date, now() from business
   on conflict (day) do update set started_at = excluded.started_at
     where retention_night.ended_at is null and retention_night.started_at < now() - interval '1 hour'
   returning day::text as day`,
);

/** $1 day, $2 what was cut. */
export const NIGHT_END = statement(
  'night-end',
  'update retention_night set ended_at = now(), cut = $2::jsonb where day = $1::date and ended_at is null',
);

/** Everybody who was forgotten. */
export const LEDGER_LIST = statement(
  'ledger-list',
  'select customer_id from erasure_ledger order by erased_at, customer_id',
);

/** Those of the ledger who are here again, since the database was restored from before. */
export const LEDGER_BACK = statement(
  'ledger-back',
  `select l.customer_id from erasure_ledger l join customer c on c.id = l.customer_id
    where c.erased_at is null and c.merged_into_id is null order by 1`,
);

/** $1 ids of a ledger that was kept elsewhere. */
export const LEDGER_TAKE = statement(
  'ledger-take',
  `insert into erasure_ledger (id, customer_id, erased_at)
   select gen_random_uuid(), id, app_now() from unnest($1::uuid[]) as id on conflict on constraint erasure_ledger_once do nothing`,
);
