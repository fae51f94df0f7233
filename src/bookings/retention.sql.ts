import { statement } from '../database/statement.js';

/** $1 months. A booking is nobody's from the end of its time on; `nobody()` takes them all. */
export const BOOKING_PAST_COUNT = statement(
  'booking-past-count',
  `select count(*)::int as rows from booking b join customer c on c.id = b.customer_id
    where b.customer_id <> nobody_id() and b.ends_at < app_now() - make_interval(months => $1) and c.legal_hold is null`,
);

/** $1 most. Its history is append-only, so a function of the owner's does it, by the rule in the database. */
export const BOOKING_PAST_CUT = statement('booking-past-cut', 'select cut_old_booking_links($1) as rows');

/** $1 months. Whose last appointment, and whose row, is older than that, and of whom there are still words. Rows are made in real time. */
const SILENT = `c.created_at < now() - make_interval(months => $1) and c.erased_at is null and c.legal_hold is null
      and not exists (select from customer k where k.id = c.merged_into_id and k.legal_hold is not null)
      and not exists (select from booking b where b.customer_id = c.id and b.ends_at >= app_now() - make_interval(months => $1))
      and (num_nonnulls(c.notes, c.notes_to_salon) > 0
           or exists (select from booking b where b.customer_id = c.id and num_nonnulls(b.notes, b.cancel_reason) > 0)
           or exists (select from booking b join booking_event e on e.booking_id = b.id where b.customer_id = c.id
                        and (coalesce(e.before ->> 'reason', 'erased') <> 'erased' or coalesce(e.after ->> 'reason', 'erased') <> 'erased')))`;

export const NOTES_PAST_COUNT = statement(
  'notes-past-count',
  `select count(*)::int as rows from customer c where ${SILENT}`,
);

/** $1 months, $2 most. People whose words go; locked, as everybody locks first who books for them. */
export const NOTES_PAST = statement(
  'notes-past',
  `select c.id from customer c where ${SILENT} order by c.id limit $2 for no key update of c skip locked`,
);

/** $1 people. */
export const NOTES_CUT = statement(
  'notes-cut',
  `update customer set notes = null, notes_to_salon = null, version = version + 1
    where id = any($1::uuid[]) and num_nonnulls(notes, notes_to_salon) > 0`,
);
