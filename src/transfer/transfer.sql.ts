import { statement } from '../database/statement.js';

/** Two files at once would each bring in whom both name. */
export const ONE_IMPORT = statement('one-import', `select pg_advisory_xact_lock(hashtext('lawrei/import'))`);

/** What the salon offers and who works there, by the names a file may use. */
export const NAMES = statement(
  'import-names',
  `select 'service' as kind, id, name from service where active
    union all select 'staff', id, name from resource where active and kind = 'staff'`,
);

/** $1 customer, $2 service, $3 start: the same booking, if it stands or took place. */
export const SAME_BOOKING = statement(
  'import-same-booking',
  `select 1 from booking where customer_id = $1 and service_id = $2 and starts_at = $3 and status not in ('cancelled', 'expired') limit 1`,
);

/** $1 id after which to go on, $2 how many. */
export const CUSTOMERS_PAGE = statement(
  'export-customers',
  `select id, name, phone, email, phone_verified_at is not null as "phoneVerified", email_verified_at is not null as "emailVerified",
          time_zone as "timeZone", locale, to_char(birthday, 'YYYY-MM-DD') as birthday, notes,
          to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "createdAt"
     from customer where id > $1 and merged_into_id is null and erased_at is null order by id limit $2`,
);

/** $1 since, $2 until, both or none; $3 and $4 start and id after which to go on, $5 how many. Money in minor units. */
export const BOOKINGS_PAGE = statement(
  'export-bookings',
  `select b.id, b.reference, b.status, (extract(epoch from b.starts_at) * 1000)::float8 as starts_ms,
          (extract(epoch from b.ends_at) * 1000)::float8 as ends_ms, b.service_name as service, r.name as staff, b.customer_id as "customerId",
          c.name as "customerName", c.phone as "customerPhone", c.email as "customerEmail", b.total_minor as "totalMinor",
          b.paid_minor as "paidMinor", b.refunded_minor as "refundedMinor", b.currency, b.source, b.notes
     from booking b join customer c on c.id = b.customer_id join resource r on r.id = b.resource_id
    where b.starts_at >= coalesce($1::timestamptz, '-infinity') and b.starts_at < coalesce($2::timestamptz, 'infinity')
      and (b.starts_at, b.id) > ($3::timestamptz, $4::uuid)
    order by b.starts_at, b.id limit $5`,
);
