import { statement } from '../database/statement.js';

const IS_ACTIVE = `(b.status = 'held' and b.hold_expires_at > app_now()) or (b.status = 'confirmed' and b.ends_at > app_now())`;
const COUNTS = `count(*) filter (where b.status = 'held' and b.hold_expires_at > app_now())::int as holds,
       count(*) filter (where ${IS_ACTIVE})::int as active`;

/** What the most burdened of two unverified contacts has open. $1 phone or null, $2 e-mail or null. */
export const OPEN_OF_CONTACT = statement(
  'open-of-contact',
  `select coalesce(max(holds), 0) as holds, coalesce(max(active), 0) as active from (
     select ${COUNTS} from customer c join booking b on b.customer_id = c.id where c.phone = $1
     union all
     select ${COUNTS} from customer c join booking b on b.customer_id = c.id where c.email = $2) as each_contact`,
);

/**
 * Locks a customer who may book against their own other bookings. Not `for update`: every history row refers to its customer,
 * so a change of one of their bookings, which has the person's time already, would wait for us while we wait for that time.
 * $1 customer.
 */
export const LOCK_CUSTOMER = statement(
  'lock-customer',
  'select id from customer where id = $1 and merged_into_id is null and erased_at is null for no key update',
);

/** What a customer has open, with the customer locked by the caller. $1 customer. */
export const OPEN_OF_CUSTOMER = statement(
  'open-of-customer',
  `select ${COUNTS}, coalesce(array_agg(b.id order by b.starts_at) filter (where ${IS_ACTIVE}), '{}') as ids
     from booking b where b.customer_id = $1`,
);

/**
 * What the customer, locked by the caller, has booked of the same service at the same time in the last two minutes. $1 customer,
 * $2 service, $3 start.
 */
export const BOOKED_JUST_NOW = statement(
  'booked-just-now',
  `select id from booking
    where customer_id = $1 and service_id = $2 and starts_at = $3 and created_at > app_now() - interval '2 minutes'
      and (status = 'confirmed' or (status = 'held' and hold_expires_at > app_now()))
    order by created_at desc limit 1`,
);

/**
 * A booking in one statement: the allocation first and everything else from it, so that a lost race leaves nothing
 * behind. Foreign keys are checked at its end, which makes the order legal. $1 allocation id, $2 resource, $3 and $4
 * the blocked time, $5 held until, $6 the booking as JSON, $7 a guest's customer row or null, $8 consents, $9 a
 * manage link or null, $10 outbox rows.
 */
export const CREATE_BOOKING = statement(
  'create-booking',
  `with al as (
     insert into allocation (id, booking_id, resource_id, during, held_until)
     select $1, ($6::jsonb->>'id')::uuid, $2, tstzrange($3::timestamptz, $4::timestamptz), $5::timestamptz
     on conflict on constraint allocation_no_overlap do nothing returning booking_id),
   cu as (
     insert into customer (id, name, phone, email, time_zone, locale, created_at)
     select c.id, c.name, c.phone, c.email, c."timeZone", c.locale, c."createdAt"
       from al, jsonb_to_record($7::jsonb) as c(id uuid, name text, phone text, email text, "timeZone" text, locale text, "createdAt" timestamptz)
      where $7 is not null),
   bk as (
     insert into booking (id, reference, customer_id, service_id, resource_id, service_name, starts_at, ends_at,
            buffer_before_minutes, buffer_after_minutes, status, hold_expires_at, source, notes, total_minor,
            due_to_confirm_minor, payment_waived, currency, payment_policy, policy_snapshot, reference_start, created_at)
     select b.id, b.reference, b."customerId", b."serviceId", b."resourceId", b."serviceName", b."startsAt", b."endsAt",
            b."bufferBeforeMinutes", b."bufferAfterMinutes", b.status, b."holdExpiresAt", b.source, b.notes, b."totalMinor",
            b."dueToConfirmMinor", b."paymentWaived", b.currency, b."paymentPolicy", b."policySnapshot", b."startsAt", b."createdAt"
       from al, jsonb_to_record($6::jsonb) as b(id uuid, reference text, "customerId" uuid, "serviceId" uuid, "resourceId" uuid,
            "serviceName" text, "startsAt" timestamptz, "endsAt" timestamptz, "bufferBeforeMinutes" int, "bufferAfterMinutes" int,
            status text, "holdExpiresAt" timestamptz, source text, notes text, "totalMinor" int, "dueToConfirmMinor" int,
            "paymentWaived" boolean, currency text, "paymentPolicy" text, "policySnapshot" jsonb, "createdAt" timestamptz)
     returning id, customer_id, status, starts_at, ends_at, resource_id, created_at),
   ev as (
     insert into booking_event (id, booking_id, customer_id, revision, type, actor_kind, actor_id, at, before, after)
     select ($6::jsonb->>'eventId')::uuid, bk.id, bk.customer_id, 1, bk.status, $6::jsonb->>'actorKind', ($6::jsonb->>'actorId')::uuid,
            bk.created_at, null, $6::jsonb->'state' from bk),
   co as (
     insert into consent (id, customer_id, purpose, granted, text_version, source, actor_kind, actor_id, at)
     select c.id, bk.customer_id, c.purpose, c.granted, c."textVersion", c.source, $6::jsonb->>'actorKind', ($6::jsonb->>'actorId')::uuid, bk.created_at
       from bk, jsonb_to_recordset($8::jsonb) as c(id uuid, purpose text, granted boolean, "textVersion" text, source text)),
   ml as (
     insert into manage_link (id, customer_id, booking_id, token_hash, expires_at)
     select l.id, bk.customer_id, bk.id, l."tokenHash", l."expiresAt"
       from bk, jsonb_to_record($9::jsonb) as l(id uuid, "tokenHash" text, "expiresAt" timestamptz) where $9 is not null),
   ob as (
     insert into outbox_message (id, topic, handler, payload, dedupe_key, lane, due_at, expires_at, request_id)
     select o.id, o.topic, o.handler, o.payload, o."dedupeKey", o.lane, coalesce(o."dueAt", bk.created_at), o."expiresAt", o."requestId"
       from bk, jsonb_to_recordset($10::jsonb) as o(id uuid, topic text, handler text, payload jsonb, "dedupeKey" text,
            lane text, "dueAt" timestamptz, "expiresAt" timestamptz, "requestId" text))
   select booking_id from al`,
);
