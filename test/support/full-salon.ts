import type { TestApp } from './test-app.js';

interface Fullness {
  bookings: number;
  serviceId: string;
  staff: readonly string[];
}

/** Fills the tables that grow with years of plain bookings, half an hour after half an hour, past the app and in a few statements. */
export async function fillSalon(app: TestApp, { bookings, serviceId, staff }: Fullness): Promise<void> {
  const people = staff.length;
  const ids = (kind: string, number: string) => `md5('${kind}' || ${number})::uuid`;
  const customers = Math.ceil(bookings / 12);
  const each = `generate_series(1, ${bookings}) i`;
  const starts = `timestamptz '2028-01-01T00:00Z' + (i / ${people}) * interval '30 minutes'`;
  const run = (text: string, values: unknown[] = []) => app.sql(text, values);
  // Rows that are known to fit need not be looked up one by one.
  await run('set session_replication_role = replica');
  await run(
    `insert into customer (id, name, phone, email, created_at)
     select ${ids('customer', 'i')}, 'Customer ' || i, '+1415' || lpad(i::text, 7, '0'), 'customer' || i || '@example.com', now()
       from generate_series(0, ${customers}) i`,
  );
  await run(
    `insert into booking (id, reference, customer_id, service_id, resource_id, service_name, starts_at, ends_at, status, cancelled_by, source,
            total_minor, due_to_confirm_minor, currency, payment_policy, policy_snapshot, reference_start, created_at)
     select ${ids('booking', 'i')}, translate(lpad(upper(to_hex(i)), 6, 'Z'), '01', 'GH'), ${ids('customer', `i % ${customers}`)}, $1, ($2::uuid[])[1 + i % ${people}],
            'Haircut', ${starts}, ${starts} + interval '30 minutes', s.status, case when s.status = 'cancelled' then 'customer' end, 'public',
            8500, 0, 'USD', 'none', '{}', ${starts}, ${starts} - interval '3 days'
       from ${each}, lateral (select case when i % 10 = 0 then 'cancelled' when i % 10 = 1 then 'no_show' else 'completed' end as status) s`,
    [serviceId, staff],
  );
  await run(
    `insert into allocation (id, booking_id, resource_id, during, active)
     select gen_random_uuid(), id, resource_id, tstzrange(starts_at, ends_at), status <> 'cancelled' from booking`,
  );
  await run(
    `insert into booking_event (id, booking_id, customer_id, revision, type, actor_kind, at, before, after)
     select gen_random_uuid(), id, customer_id, 1, 'confirmed', 'guest', created_at, null, '{"status": "confirmed"}' from booking`,
  );
  await run(
    `insert into message (id, customer_id, booking_id, channel, family, class, to_address, to_hash, dedupe_key, state, due_at, expires_at, created_at,
            accepted_at, final_at, provider_id)
     select gen_random_uuid(), customer_id, id, c.channel, 'booking_confirmed', 'transactional', 'x', md5(customer_id::text), c.channel || id, 'delivered',
            created_at, starts_at, created_at, created_at, created_at, c.channel || id
       from booking, unnest(array['sms']) as c(channel)`,
  );
  await run(
    `insert into message_attempt (id, message_id, customer_id, channel, number, started_at, finished_at, outcome, provider_id)
     select gen_random_uuid(), id, customer_id, channel, 1, created_at - interval '4 years', created_at - interval '4 years', 'accepted', provider_id from message`,
  );
  await run(
    `insert into payment (id, booking_id, customer_id, purpose, provider, amount_minor, currency, state, created_at, asked_at, settled_at, version)
     select gen_random_uuid(), id, customer_id, 'full', 'cash', 8500, 'USD', 'succeeded', created_at, created_at, created_at, 1
       from booking where status = 'completed' limit ${bookings / 4}`,
  );
  await run(
    `insert into refund (id, payment_id, booking_id, customer_id, cause, amount_minor, currency, state, requested_at, settled_at, version)
     select gen_random_uuid(), id, booking_id, customer_id, 'cancellation', 1, 'USD', 'succeeded', created_at, created_at, 1 from payment`,
  );
  await run(
    `insert into receipt (id, number, payment_id, booking_id, customer_id, amount_minor, currency, facts, issued_at)
     select gen_random_uuid(), row_number() over (), id, booking_id, customer_id, 8500, 'USD', '{}', created_at from payment`,
  );
  await run(
    `insert into outbox_message (id, topic, handler, lane, payload, dedupe_key, due_at, state, finished_at)
     select gen_random_uuid(), 'booking.confirmed', 'messaging.plan', 'usual', '{}', 'done' || id, created_at, 'done', created_at from booking`,
  );
  await run(
    `insert into session (id, kind, customer_id, created_at, expires_at)
     select gen_random_uuid(), 'customer', id, now(), now() + interval '30 days' from customer, generate_series(1, 4)`,
  );
  await run(
    `insert into consent (id, customer_id, purpose, granted, text_version, source, actor_kind, at)
     select gen_random_uuid(), id, p, true, 1, 'booking', 'guest', now() from customer, unnest(array['transactional_sms', 'reminder_sms']) p`,
  );
  await run(
    `insert into idempotency_key (scope, key, request_hash, status, body) select 'scope' || i, 'key', 'x', 201, 'x' from ${each}`,
  );
  await run(
    `insert into opt_out (id, channel, contact_hash, source, opted_out_at)
     select gen_random_uuid(), 'sms', substr(md5(i::text) || md5(i::text), 1, 43), 'inbound', now() from generate_series(1, ${customers}) i`,
  );
  await run(
    `insert into manage_link (id, customer_id, booking_id, token_hash, expires_at)
     select gen_random_uuid(), customer_id, id, md5(id::text) || md5(id::text), ends_at from booking`,
  );
  await run('set session_replication_role = origin');
  await run('analyze');
}
