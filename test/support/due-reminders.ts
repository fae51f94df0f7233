import { newId } from '../../src/common/ids.js';
import { OptOutService } from '../../src/customers/opt-out.service.js';
import { aService, aStaffMember } from './factories.js';
import type { TestApp } from './test-app.js';

const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/**
 * Writes as many planned reminders, each of a booking and a customer of its own, due one after the other within `overMs` from `from` on;
 * the text that confirmed each went out two days ago.
 */
export async function planReminders(
  app: TestApp,
  { count, from, overMs }: { count: number; from: Date; overMs: number },
): Promise<void> {
  // Their events were written when they were booked: nothing else is to be done now.
  await app.sql('update calendar set is_target = false');
  const [serviceId, resourceId] = [await aService(app), await aStaffMember(app)];
  const optOuts = app.get(OptOutService);
  const rows = Array.from({ length: count }, (_, index) => {
    const phone = `+1415${String(2_000_000 + index)}`;
    return {
      ...{ customer: newId(), booking: newId(), message: newId(), effect: newId(), phone },
      hash: optOuts.contactHash(phone),
      reference: referenceOf(index),
      due: new Date(from.getTime() + (index * overMs) / count).toISOString(),
    };
  });
  const given = JSON.stringify(rows);
  const each = `jsonb_to_recordset($1::jsonb) as r(customer uuid, booking uuid, message uuid, effect uuid, phone text, hash text, reference text, due timestamptz)`;
  await app.sql(
    `insert into customer (id, name, phone, created_at) select customer, 'Ada', phone, app_now() from ${each}`,
    [given],
  );
  // Whom they are with and when does not matter here: no two of them hold time.
  await app.sql(
    `insert into booking (id, reference, customer_id, service_id, resource_id, service_name, starts_at, ends_at, status, source, total_minor,
            due_to_confirm_minor, currency, payment_policy, policy_snapshot, reference_start, created_at)
     select booking, reference, customer, $2, $3, 'Haircut', due + interval '1 day', due + interval '1 day 30 minutes', 'confirmed', 'public', 8500,
            0, 'USD', 'none', '{}', due + interval '1 day' + (row_number() over ()) * interval '1 minute', app_now() from ${each}`,
    [given, serviceId, resourceId],
  );
  await app.sql(
    `insert into message (id, customer_id, booking_id, channel, family, class, to_address, to_hash, dedupe_key, due_at, expires_at, created_at)
     select message, customer, booking, 'sms', 'booking_reminder', 'reminder', phone, hash, 'remind:' || booking, due, due + interval '23 hours', app_now() from ${each}`,
    [given],
  );
  await app.sql(
    `with confirmed as (
       insert into message (id, customer_id, booking_id, channel, family, class, to_address, to_hash, dedupe_key, state, due_at, expires_at, created_at,
              accepted_at, final_at)
       select gen_random_uuid(), customer, booking, 'sms', 'booking_confirmed', 'transactional', phone, hash, 'confirm:' || booking, 'delivered',
              at, at + interval '1 day', at, at, at
         from ${each}, lateral (select app_now() - interval '2 days' as at) ago returning id, customer_id)
     insert into message_attempt (id, message_id, customer_id, channel, number, started_at, finished_at, outcome, provider_id)
     select gen_random_uuid(), id, customer_id, 'sms', 1, now() - interval '2 days', now() - interval '2 days', 'accepted', 'SM' || id from confirmed`,
    [given],
  );
  await app.sql(
    `insert into outbox_message (id, topic, handler, lane, payload, dedupe_key, due_at)
     select effect, 'message.send', 'message.send', 'messages', jsonb_build_object('messageId', message), 'message.send/' || message, due from ${each}`,
    [given],
  );
  await app.sql('analyze');
}

/** Six sayable characters, another for each number. */
function referenceOf(number: number): string {
  const places = [5, 4, 3, 2, 1, 0].map(
    (power) => Math.floor(number / LETTERS.length ** power) % LETTERS.length,
  );
  return places.map((place) => LETTERS[place]).join('');
}
