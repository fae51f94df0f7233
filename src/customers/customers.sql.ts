import { statement } from '../database/statement.js';

/** $1 customer, $2 the only one who may be seen, or null. */
export const CUSTOMER_IN_PORTAL = statement(
  'customer-in-portal',
  'select * from customer where id = $1 and merged_into_id is null and ($2::uuid is null or id = $2)',
);

/** The newest word on each purpose; two decisions of the same instant go by the order of their ids. */
export const CONSENT_LATEST = statement(
  'consent-latest',
  `select distinct on (purpose) purpose, granted from consent
    where customer_id = $1 order by purpose, at desc, id desc`,
);

/** A new STOP ends whatever START came before it; the first of several stays as it was. */
export const OPT_OUT_ADD = statement(
  'opt-out-add',
  `insert into opt_out (id, channel, contact_hash, source, opted_out_at) values ($1, $2, $3, $4, app_now())
   on conflict on constraint opt_out_contact_unique
   do update set source = excluded.source, opted_out_at = excluded.opted_out_at, lifted_at = null where opt_out.lifted_at is not null
   returning id`,
);

export const OPT_OUT_LIFT = statement(
  'opt-out-lift',
  `update opt_out set lifted_at = app_now() where channel = $1 and contact_hash = $2 and lifted_at is null returning id`,
);

export const OPT_OUT_FIND = statement(
  'opt-out-find',
  'select 1 from opt_out where channel = $1 and contact_hash = $2 and lifted_at is null',
);

/** $1 contact. Who proves a contact waits for whoever else proves it just now. */
export const CONTACT_CLAIM = statement(
  'contact-claim',
  'select pg_advisory_xact_lock(hashtextextended($1, 44))',
);

/** $1 phone or null, $2 e-mail or null. The customer who proved it, locked. */
export const CONTACT_HOLDER = statement(
  'contact-holder',
  `select id from customer
    where (phone = $1 and phone_verified_at is not null) or (email = $2 and email_verified_at is not null)
    for no key update`,
);

/** $1 phone or null, $2 e-mail or null, $3 the customer who proved it. Guests who gave it, oldest first, locked. */
export const CONTACT_GUESTS = statement(
  'contact-guests',
  `select id, name, phone, email, notes from customer
    where (phone = $1 or email = $2) and phone_verified_at is null and email_verified_at is null
      and merged_into_id is null and erased_at is null and id is distinct from $3::uuid
    order by created_at, id limit 500 for no key update`,
);

/** $1 guest, $2 customer. Everything of the guest becomes the customer's; the guest's row stays and says whose it is now. */
export const CUSTOMER_MERGE = statement('customer-merge', 'select merge_customer($1, $2)');

/** $1 name, $2 phone or null, $3 e-mail or null. Somebody of that name with one of those contacts, the oldest row of them. */
export const CUSTOMER_KNOWN = statement(
  'customer-known',
  `select id from customer where lower(name) = lower($1) and (phone = $2 or email = $3) and merged_into_id is null and erased_at is null
    order by created_at, id limit 1`,
);

/** $1 customer. Their row and those of guests that were given to them. */
export const CUSTOMER_EXPORT = statement(
  'customer-export',
  `select to_jsonb(c) - 'notes' - 'legal_hold' as row from customer c where id = $1 or merged_into_id = $1 order by created_at, id`,
);

/** $1 customer. */
export const CONSENT_EXPORT = statement(
  'consent-export',
  'select to_jsonb(c) as row from consent c where customer_id = $1 order by at, id',
);

/** $1 customer. Why they must not be erased now. */
export const CUSTOMER_HELD = statement(
  'customer-held',
  'select 1 from customer where id = $1 and legal_hold is not null',
);

/** $1 customer, $2 now. The rows stay, so that bookings and payments still point somewhere; nothing in them says who it was. */
export const CUSTOMER_ERASE = statement(
  'customer-erase',
  `update customer set name = 'Erased', phone = null, email = null, phone_verified_at = null, email_verified_at = null,
          phone_held_since = null, birthday = null, preferred_resource_id = null, time_zone = null, locale = 'en-US', notes = null,
          notes_to_salon = null, erased_at = coalesce(erased_at, $2), version = version + 1
    where (id = $1 or merged_into_id = $1) and erased_at is null returning id`,
);
