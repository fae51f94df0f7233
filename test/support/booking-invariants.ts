import type { Sql } from './own-database.js';

/** What must hold of bookings at any moment, each as a query for the rows that break it. */
const INVARIANTS: Readonly<Record<string, string>> = {
  'two active allocations of one resource overlap': `
    select a.id from allocation a join allocation b on a.resource_id = b.resource_id and a.id < b.id and a.during && b.during
     where a.active and b.active`,
  'a standing booking has not exactly one active allocation': `
    select b.id from booking b
     where (b.status = 'confirmed' or (b.status = 'held' and b.hold_expires_at > app_now()))
       and (select count(*) from allocation a where a.booking_id = b.id and a.active) <> 1`,
  'an active allocation has no standing booking': `
    select a.id from allocation a join booking b on b.id = a.booking_id
     where a.active and b.status not in ('held', 'confirmed', 'completed', 'no_show')`,
  'an allocation is not where its booking is': `
    select a.id from allocation a join booking b on b.id = a.booking_id
     where a.active and b.status in ('held', 'confirmed')
       and (a.resource_id <> b.resource_id
         or lower(a.during) <> b.starts_at - make_interval(mins => b.buffer_before_minutes)
         or upper(a.during) <> b.ends_at + make_interval(mins => b.buffer_after_minutes))`,
  'a firm booking has an allocation that runs out, or a hold has one that does not': `
    select a.id from allocation a join booking b on b.id = a.booking_id
     where a.active and (b.status = 'held') <> (a.held_until is not null) and b.status in ('held', 'confirmed')`,
  'a customer was left behind by a lost race': `
    select c.id from customer c where not exists (select from booking b where b.customer_id = c.id)`,
  'a booking has not one history row for each revision': `
    select b.id from booking b
     where (select count(*) from booking_event e
             where e.booking_id = b.id and (e.before is null or e.type = 'rescheduled')) <> b.revision`,
  'a change of a booking has no effect promised': `
    select e.id from booking_event e
     where e.type in ('held', 'confirmed', 'rescheduled', 'cancelled', 'expired')
       and not exists (select from outbox_message o
                        where o.payload->>'bookingId' = e.booking_id::text and o.topic = 'booking.' || e.type
                          and (o.payload->>'revision')::int = e.revision)`,
};

/** Every rule that is broken, with how often and an example; empty when all is well. */
export async function brokenInvariants(sql: Sql): Promise<string[]> {
  const broken: string[] = [];
  for (const [rule, query] of Object.entries(INVARIANTS)) {
    const rows = await sql<{ id: string }>(query);
    if (rows.length > 0) broken.push(`${rule}: ${rows.length} times, for one ${rows[0]?.id}`);
  }
  return broken;
}

/** Deadlocks PostgreSQL has seen in this database; a backend tells only a second after it fell idle. */
export async function deadlocksSeen(sql: Sql): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const [row] = await sql<{ deadlocks: number }>(
    'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? 0;
}
