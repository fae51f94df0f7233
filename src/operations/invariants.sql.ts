import { idOfAgo, madeAt } from '../database/id-time.sql.js';
import { statement, type Statement } from '../database/statement.js';

/** Something that must hold at any moment, and a statement that counts and names what breaks it. */
export interface Invariant {
  /** For programs; never renamed. */
  readonly name: string;
  /** In plain words, as a broken one is told. */
  readonly rule: string;
  readonly statement: Statement;
}

const SIX_DAYS = 6 * 86_400;

const invariant = (name: string, rule: string, broken: string): Invariant => ({
  name,
  rule,
  statement: statement(
    `invariant-${name}`,
    `select count(*)::int as broken, coalesce((array_agg(x.id::text order by x.id::text))[1:5], '{}') as sample from (${broken}) x`,
  ),
});

/** What no version of this program may ever break; docs/runbook.md says what to do when one is. */
export const INVARIANTS: readonly Invariant[] = [
  invariant(
    'no-overlap',
    'Nobody is booked twice at one time.',
    `select a.id from allocation a join allocation b on a.resource_id = b.resource_id and a.id < b.id and a.during && b.during
      where a.active and b.active`,
  ),
  invariant(
    'standing-booking-has-its-time',
    'A booking that stands holds its time exactly once.',
    `select b.id from booking b
      where (b.status = 'confirmed' or (b.status = 'held' and b.hold_expires_at > app_now()))
        and (select count(*) from allocation a where a.booking_id = b.id and a.active) <> 1`,
  ),
  invariant(
    'time-is-of-a-standing-booking',
    'Time is held for bookings that stand, and for no other.',
    `select a.id from allocation a left join booking b on b.id = a.booking_id
      where a.active and coalesce(b.status, 'none') not in ('held', 'confirmed', 'completed', 'no_show')`,
  ),
  invariant(
    'time-is-where-its-booking-is',
    'Time is held by the person and at the hour the booking says.',
    `select a.id from allocation a join booking b on b.id = a.booking_id
      where a.active and b.status in ('held', 'confirmed')
        and (a.resource_id <> b.resource_id or lower(a.during) <> b.starts_at - make_interval(mins => b.buffer_before_minutes)
          or upper(a.during) <> b.ends_at + make_interval(mins => b.buffer_after_minutes))`,
  ),
  invariant(
    'only-holds-run-out',
    'Holds run out, appointments do not.',
    `select a.id from allocation a join booking b on b.id = a.booking_id
      where a.active and b.status in ('held', 'confirmed') and (b.status = 'held') <> (a.held_until is not null)`,
  ),
  invariant(
    'holds-end',
    'A hold that ran out is swept up within ten minutes.',
    `select id from booking where status = 'held' and hold_expires_at < app_now() - interval '10 minutes'`,
  ),
  invariant(
    'confirmed-is-paid',
    'What is due is paid, or waived, before a booking is confirmed.',
    `select id from booking
      where status in ('confirmed', 'completed', 'no_show') and not payment_waived and paid_minor < due_to_confirm_minor`,
  ),
  invariant(
    'history-is-whole',
    'A booking’s history tells of each of its revisions.',
    `select b.id from booking b
       left join (select booking_id, count(*) filter (where before is null or type = 'rescheduled') as told from booking_event group by 1) e
         on e.booking_id = b.id
      where coalesce(e.told, 0) <> b.revision`,
  ),
  invariant(
    'history-ends-where-the-booking-is',
    'A booking is in the state its history ends with.',
    `select b.id from booking b
       join (select distinct on (booking_id) booking_id, after ->> 'status' as status from booking_event order by booking_id, id desc) e
         on e.booking_id = b.id
      where e.status <> b.status`,
  ),
  invariant(
    'changes-have-their-effects',
    'Every change of a booking has promised its effects.',
    `select e.id from booking_event e
       left join (select distinct topic, payload ->> 'bookingId' as booking_id, (payload ->> 'revision')::int as revision
                    from outbox_message where topic like 'booking.%') o
         on o.topic = 'booking.' || e.type and o.booking_id = e.booking_id::text and o.revision = e.revision
      where e.id > ${idOfAgo(SIX_DAYS)} and e.type in ('held', 'confirmed', 'rescheduled', 'cancelled', 'expired') and o.topic is null`,
  ),
  invariant(
    'claims-end',
    'An effect whose claimer is gone is taken back within five minutes.',
    `select id from outbox_message where state = 'claimed' and lease_until < now() - interval '5 minutes'`,
  ),
  invariant(
    'nothing-for-the-cancelled',
    'Nobody is invited to, or reminded of, what was cancelled before.',
    `select m.id from message m join booking b on b.id = m.booking_id and b.status = 'cancelled'
       join message_attempt a on a.message_id = m.id and a.outcome = 'accepted'
       join lateral (select id from booking_event where booking_id = b.id and type = 'cancelled' order by id desc limit 1) e on true
      where m.family in ('booking_confirmed', 'booking_reminder', 'booking_rescheduled') and m.class <> 'staff'
        and a.started_at > ${madeAt('e.id')} + interval '10 seconds'`,
  ),
  invariant(
    'sent-once',
    'No text goes out twice without a person being told.',
    `select m.id from message m join message_attempt a on a.message_id = m.id and a.outcome = 'accepted'
      where m.channel = 'sms' and m.flagged_at is null group by m.id having count(*) > 1`,
  ),
  invariant(
    'paid-is-what-came',
    'A booking’s own money is the sum of its payments and refunds.',
    `select b.id from booking b
       left join (select booking_id, sum(coalesce(strange_minor, amount_minor)) as paid from payment where state = 'succeeded' group by 1) p
         on p.booking_id = b.id
       left join (select r.booking_id, sum(r.amount_minor) as back from refund r join payment p on p.id = r.payment_id and p.state = 'succeeded'
                   where r.state not in ('failed', 'canceled') group by 1) r on r.booking_id = b.id
      where b.paid_minor <> coalesce(p.paid, 0) or b.refunded_minor <> coalesce(r.back, 0)`,
  ),
  invariant(
    'refunds-are-of-their-payment',
    'What a payment says went back is the sum of its refunds.',
    `select p.id from payment p
       left join (select payment_id, sum(amount_minor) as back from refund where state not in ('failed', 'canceled') group by 1) r on r.payment_id = p.id
      where p.refunded_minor <> coalesce(r.back, 0)`,
  ),
  invariant(
    'books-agree-with-the-provider',
    'What is captured and refunded here is what the provider says, at the last look.',
    `select id from payment where drifted_at < now() - interval '1 hour'`,
  ),
  invariant(
    'receipts-have-no-gaps',
    'Receipts are numbered in a row, from one.',
    `select r.id from (select id, number, row_number() over (order by number) as place from receipt) r where r.number <> r.place`,
  ),
  invariant(
    'erased-are-nobody',
    'Nothing that was sent still names somebody who was erased.',
    `select m.id from message m join customer c on c.id = m.customer_id where c.erased_at is not null and m.to_address <> 'erased'`,
  ),
  invariant(
    'disabled-are-out',
    'An account that was disabled has no session.',
    `select s.id from session s join account a on a.id = s.account_id
      where a.disabled_at is not null and s.revoked_at is null and s.expires_at > now()`,
  ),
  invariant(
    'rows-are-fenced',
    'Row-level security is in force on every table that has a policy.',
    `select c.oid as id from pg_class c where c.oid in (select polrelid from pg_policy) and not (c.relrowsecurity and c.relforcerowsecurity)`,
  ),
  invariant(
    'log-is-append-only',
    'The application cannot change what it wrote into the audit log.',
    `select c.oid as id from pg_class c
      where c.oid in ('audit_log'::regclass) and (has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete'))`,
  ),
];
