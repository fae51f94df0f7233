import { Migration } from '@mikro-orm/migrations';

/** The first tables: the salon, its customers, catalogue, time, deals, messages and effects. */
export class Migration20261123000002 extends Migration {
  override up(): void {
    this.addSql(
      'create table "account" ("id" uuid not null, "email" varchar(254) not null, "name" varchar(120) not null, "password_hash" varchar(200) not null, "role" text not null, "resource_id" uuid null, "disabled_at" timestamptz null, "closed_at" timestamptz null, "created_at" timestamptz not null default now(), "version" int not null default 1, primary key ("id"))',
    );
    this.addSql('alter table "account" add constraint "account_email_unique" unique ("email")');
    this.addSql(
      'alter table "account" add constraint "account_email_is_lower_case" check (email = lower(email))',
    );
    this.addSql(
      'alter table "account" add constraint "account_closed_is_disabled" check (closed_at is null or disabled_at is not null)',
    );
    this.addSql(
      `alter table "account" add constraint "account_role_check" check ("role" in ('staff', 'reception', 'manager', 'owner'))`,
    );
    this.addSql(
      `create table "business" ("id" uuid not null, "singleton" boolean not null default true, "name" varchar(120) not null, "address" varchar(300) not null default '', "phone" varchar(20) null, "email" varchar(254) null, "help_url" varchar(500) null, "time_zone" varchar(64) not null, "currency" varchar(3) not null, "locale" varchar(35) not null default 'en-US', "hold_minutes" int not null default 10, "staff_hold_hours" int not null default 24, "min_notice_minutes" int not null default 120, "horizon_days" int not null default 60, "cancel_notice_hours" int not null default 24, "reschedule_notice_hours" int not null default 2, "max_reschedules" int not null default 3, "max_active_bookings" int not null default 10, "max_holds_per_contact" int not null default 3, "buffer_may_exceed_hours" boolean not null default true, "deposit_refundable" boolean not null default false, "refund_tiers" jsonb not null default '[{"percent": 100, "hoursBefore": 24}, {"percent": 0, "hoursBefore": 0}]', "quiet_from" varchar(5) not null default '08:00', "quiet_to" varchar(5) not null default '21:00', "remind_day_before" boolean not null default true, "remind_two_hours_before" boolean not null default false, "sms_countries" text[] not null default '{}', "sms_daily_budget" int not null default 1000, "catalog_revision" bigint not null default '1', "hours_seeded_at" timestamptz null, "created_at" timestamptz not null default now(), "version" int not null default 1, primary key ("id"))`,
    );
    this.addSql('alter table "business" add constraint "business_only_one" unique ("singleton")');
    this.addSql('alter table "business" add constraint "business_currency_unique" unique ("currency")');
    this.addSql('alter table "business" add constraint "business_only_one_row" check (singleton)');
    this.addSql(
      `alter table "business" add constraint "business_currency_is_iso" check (currency ~ '^[A-Z]{3}$')`,
    );
    this.addSql(
      `alter table "business" add constraint "business_phone_is_e164" check (phone is null or phone ~ '^[+][1-9][0-9]{6,14}$')`,
    );
    this.addSql(
      'alter table "business" add constraint "business_quiet_hours_in_order" check (quiet_from < quiet_to)',
    );
    this.addSql(
      `alter table "business" add constraint "business_quiet_hours_are_times" check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and quiet_to ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$')`,
    );
    this.addSql(
      `alter table "business" add constraint "business_refund_tiers_is_list" check (jsonb_typeof(refund_tiers) = 'array')`,
    );
    this.addSql(
      'alter table "business" add constraint "business_policies_not_negative" check (hold_minutes between 1 and 1440 and staff_hold_hours between 1 and 720 and min_notice_minutes >= 0 and horizon_days between 1 and 730 and cancel_notice_hours >= 0 and reschedule_notice_hours >= 0 and max_reschedules >= 0 and max_active_bookings >= 1 and max_holds_per_contact >= 1 and sms_daily_budget >= 0)',
    );
    this.addSql(
      `create table "customer" ("id" uuid not null, "name" varchar(120) not null, "phone" varchar(20) null, "email" varchar(254) null, "phone_verified_at" timestamptz null, "email_verified_at" timestamptz null, "time_zone" varchar(64) null, "locale" varchar(35) not null default 'en-US', "notes" text null, "merged_into_id" uuid null, "erased_at" timestamptz null, "created_at" timestamptz(3) not null default now(), "version" int not null default 1, primary key ("id"))`,
    );
    this.addSql(
      'create unique index customer_verified_phone_unique on customer (phone) where phone_verified_at is not null',
    );
    this.addSql(
      'create unique index customer_verified_email_unique on customer (email) where email_verified_at is not null',
    );
    this.addSql('create index "customer_phone" on "customer" ("phone")');
    this.addSql('create index "customer_email" on "customer" ("email")');
    this.addSql('create index "customer_created" on "customer" ("created_at", "id")');
    this.addSql(
      `alter table "customer" add constraint "customer_phone_is_e164" check (phone is null or phone ~ '^[+][1-9][0-9]{6,14}$')`,
    );
    this.addSql(
      'alter table "customer" add constraint "customer_email_is_lower_case" check (email is null or email = lower(email))',
    );
    this.addSql(
      'alter table "customer" add constraint "customer_verified_contact_exists" check ((phone_verified_at is null or phone is not null) and (email_verified_at is null or email is not null))',
    );
    this.addSql(
      'create table "consent" ("id" uuid not null, "customer_id" uuid not null, "purpose" text not null, "granted" boolean not null, "text_version" varchar(40) not null, "source" varchar(40) not null, "actor_kind" varchar(20) not null, "actor_id" uuid null, "at" timestamptz not null, primary key ("id"))',
    );
    this.addSql('create index "consent_latest" on "consent" ("customer_id", "purpose", "at")');
    this.addSql(
      `alter table "consent" add constraint "consent_purpose_check" check ("purpose" in ('transactional_sms', 'reminder_sms', 'marketing_sms', 'marketing_email'))`,
    );
    this.addSql(
      'create table "idempotency_key" ("scope" varchar(100) not null, "key" varchar(255) not null, "request_hash" varchar(64) not null, "status" int not null, "body" text not null, "created_at" timestamptz not null default now(), primary key ("scope", "key"))',
    );
    this.addSql('create index "idempotency_key_age" on "idempotency_key" ("created_at")');
    this.addSql(
      `create table "integration_status" ("name" varchar(40) not null, "last_success_at" timestamptz null, "last_error_at" timestamptz null, "last_error" varchar(300) null, "failure_streak" int not null default 0, "breaker" text not null default 'closed', primary key ("name"))`,
    );
    this.addSql(
      `alter table "integration_status" add constraint "integration_status_breaker_check" check ("breaker" in ('closed', 'open', 'half-open'))`,
    );
    this.addSql(
      'create table "manage_link" ("id" uuid not null, "customer_id" uuid not null, "booking_id" uuid not null, "token_hash" varchar(64) not null, "created_at" timestamptz not null default now(), "expires_at" timestamptz not null, "revoked_at" timestamptz null, primary key ("id"))',
    );
    this.addSql('alter table "manage_link" add constraint "manage_link_token_unique" unique ("token_hash")');
    this.addSql('create index "manage_link_booking" on "manage_link" ("booking_id")');
    this.addSql(
      'create table "opt_out" ("id" uuid not null, "channel" text not null, "contact_hash" varchar(64) not null, "source" varchar(40) not null, "opted_out_at" timestamptz not null, "lifted_at" timestamptz null, primary key ("id"))',
    );
    this.addSql(
      'alter table "opt_out" add constraint "opt_out_contact_unique" unique ("channel", "contact_hash")',
    );
    this.addSql(
      `alter table "opt_out" add constraint "opt_out_contact_is_hashed" check (contact_hash ~ '^[A-Za-z0-9_-]{43}$')`,
    );
    this.addSql(
      `alter table "opt_out" add constraint "opt_out_channel_check" check ("channel" in ('sms', 'email'))`,
    );
    this.addSql(
      `create table "outbox_message" ("id" uuid not null, "topic" varchar(80) not null, "handler" varchar(80) not null, "payload_version" int not null default 1, "payload" jsonb not null, "dedupe_key" varchar(200) not null, "state" text not null default 'pending', "due_at" timestamptz not null, "expires_at" timestamptz null, "retry_at" timestamptz null, "attempt" int not null default 0, "failures" int not null default 0, "claimed_by" varchar(80) null, "lease_until" timestamptz null, "last_error" varchar(500) null, "request_id" varchar(100) null, "created_at" timestamptz(3) not null default now(), "finished_at" timestamptz null, primary key ("id"))`,
    );
    this.addSql(
      'alter table "outbox_message" add constraint "outbox_message_dedupe_key_unique" unique ("dedupe_key")',
    );
    this.addSql(`create index outbox_message_due on outbox_message (due_at) where state = 'pending'`);
    this.addSql(`create index outbox_message_leases on outbox_message (lease_until) where state = 'claimed'`);
    this.addSql(`create index outbox_message_dead on outbox_message (created_at, id) where state = 'dead'`);
    this.addSql(
      `create index outbox_message_retries on outbox_message (retry_at) where state = 'pending' and retry_at is not null`,
    );
    this.addSql(
      `create index outbox_message_expiring on outbox_message (expires_at) where state = 'pending' and expires_at is not null`,
    );
    this.addSql('create index "outbox_message_list" on "outbox_message" ("created_at", "id")');
    this.addSql(
      `alter table "outbox_message" add constraint "outbox_message_claim_has_lease" check (state <> 'claimed' or (claimed_by is not null and lease_until is not null))`,
    );
    this.addSql(
      'alter table "outbox_message" add constraint "outbox_message_attempts_bounded" check (attempt >= 0 and failures between 0 and attempt)',
    );
    this.addSql(
      `alter table "outbox_message" add constraint "outbox_message_state_check" check ("state" in ('pending', 'claimed', 'done', 'dead'))`,
    );
    this.addSql(
      'create table "provider_event" ("id" uuid not null, "provider" varchar(20) not null, "event_id" varchar(200) not null, "type" varchar(80) not null, "received_at" timestamptz not null default now(), primary key ("id"))',
    );
    this.addSql('create index "provider_event_age" on "provider_event" ("received_at")');
    this.addSql(
      'alter table "provider_event" add constraint "provider_event_once" unique ("provider", "event_id")',
    );
    this.addSql(
      `create table "resource" ("id" uuid not null, "kind" text not null default 'staff', "name" varchar(120) not null, "email" varchar(254) null, "phone" varchar(20) null, "active" boolean not null default true, "created_at" timestamptz(3) not null default now(), "version" int not null default 1, primary key ("id"))`,
    );
    this.addSql('create index "resource_created" on "resource" ("created_at", "id")');
    this.addSql(
      `alter table "resource" add constraint "resource_phone_is_e164" check (phone is null or phone ~ '^[+][1-9][0-9]{6,14}$')`,
    );
    this.addSql(
      'alter table "resource" add constraint "resource_email_is_lower_case" check (email is null or email = lower(email))',
    );
    this.addSql(`alter table "resource" add constraint "resource_kind_check" check ("kind" in ('staff'))`);
    this.addSql(
      'create table "hours_exception" ("id" uuid not null, "resource_id" uuid null, "date" date not null, "intervals" jsonb not null, "reason" varchar(200) null, primary key ("id"))',
    );
    this.addSql(
      'create unique index hours_exception_one_per_date on hours_exception (resource_id, date) nulls not distinct',
    );
    this.addSql(
      `alter table "hours_exception" add constraint "hours_exception_intervals_is_list" check (jsonb_typeof(intervals) = 'array')`,
    );
    this.addSql(
      `alter table "hours_exception" add constraint "hours_exception_intervals_are_times" check (case when jsonb_typeof(intervals) = 'array' then jsonb_array_length(jsonb_path_query_array(intervals, '$[*] ? (@.from like_regex "^([01][0-9]|2[0-3]):[0-5][0-9]$" && @.to like_regex "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")')) = jsonb_array_length(intervals) else true end)`,
    );
    this.addSql(
      `create table "allocation" ("id" uuid not null, "booking_id" uuid not null, "resource_id" uuid not null, "during" tstzrange not null, "active" boolean not null default true, "held_until" timestamptz null, "start_minute" int generated always as ((floor(extract(epoch from lower(during) at time zone 'UTC') / 60))::int) stored null, "end_minute" int generated always as ((ceil(extract(epoch from upper(during) at time zone 'UTC') / 60))::int) stored null, primary key ("id"))`,
    );
    this.addSql('create index "allocation_booking" on "allocation" ("booking_id")');
    this.addSql(
      'create index allocation_search on allocation (resource_id, end_minute, start_minute) include (held_until, booking_id) where active',
    );
    this.addSql(
      'alter table "allocation" add constraint "allocation_no_overlap" exclude using gist (resource_id with =, during with &&) where (active)',
    );
    this.addSql(
      'alter table "allocation" add constraint "allocation_not_empty" check (not isempty(during) and lower(during) is not null and upper(during) is not null)',
    );
    this.addSql(
      'create table "security_counter" ("key" varchar(200) not null, "count" int not null default 0, "window_ends_at" timestamptz not null, "blocked_until" timestamptz null, primary key ("key"))',
    );
    this.addSql(
      'alter table "security_counter" add constraint "security_counter_not_negative" check (count >= 0)',
    );
    this.addSql(
      `create table "service" ("id" uuid not null, "name" varchar(120) not null, "description" varchar(2000) not null default '', "duration_minutes" int not null, "buffer_before_minutes" int not null default 0, "buffer_after_minutes" int not null default 0, "step_minutes" int not null default 30, "price_minor" int not null, "currency" varchar(3) not null, "payment_policy" text not null default 'full', "deposit_percent" int null, "deposit_minor" int null, "active" boolean not null default true, "created_at" timestamptz(3) not null default now(), "version" int not null default 1, primary key ("id"))`,
    );
    this.addSql('create unique index service_name_unique on service (lower(name)) where active');
    this.addSql('create index "service_created" on "service" ("created_at", "id")');
    this.addSql(
      'alter table "service" add constraint "service_duration_in_bounds" check (duration_minutes between 5 and 720)',
    );
    this.addSql(
      'alter table "service" add constraint "service_buffers_in_bounds" check (buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240)',
    );
    this.addSql(
      'alter table "service" add constraint "service_step_in_bounds" check (step_minutes between 5 and 240)',
    );
    this.addSql('alter table "service" add constraint "service_price_not_negative" check (price_minor >= 0)');
    this.addSql(
      `alter table "service" add constraint "service_deposit_fits_policy" check ((payment_policy = 'deposit') = (num_nonnulls(deposit_percent, deposit_minor) = 1) and (deposit_percent is null or deposit_percent between 1 and 100) and (deposit_minor is null or deposit_minor between 1 and price_minor))`,
    );
    this.addSql(
      `alter table "service" add constraint "service_payment_policy_check" check ("payment_policy" in ('full', 'deposit', 'none'))`,
    );
    this.addSql(
      'create table "booking" ("id" uuid not null, "reference" varchar(6) not null, "customer_id" uuid not null, "service_id" uuid not null, "resource_id" uuid not null, "service_name" varchar(120) not null, "starts_at" timestamptz not null, "ends_at" timestamptz not null, "buffer_before_minutes" int not null default 0, "buffer_after_minutes" int not null default 0, "status" text not null, "hold_expires_at" timestamptz null, "source" text not null, "notes" varchar(2000) null, "total_minor" int not null, "due_to_confirm_minor" int not null, "paid_minor" int not null default 0, "refunded_minor" int not null default 0, "payment_waived" boolean not null default false, "currency" varchar(3) not null, "payment_policy" text not null, "policy_snapshot" jsonb not null, "reference_start" timestamptz not null, "customer_moves" int not null default 0, "cancelled_by" text null, "cancel_reason" varchar(500) null, "cancelled_late" boolean null, "attendance_confirmed_at" timestamptz null, "calendar_event_id" varchar(100) null, "created_at" timestamptz not null, "revision" int not null default 1, "version" int not null default 1, primary key ("id"))',
    );
    this.addSql('alter table "booking" add constraint "booking_reference_unique" unique ("reference")');
    this.addSql('create index "booking_customer" on "booking" ("customer_id", "starts_at")');
    this.addSql('create index "booking_calendar" on "booking" ("starts_at", "id")');
    this.addSql('create index "booking_resource_calendar" on "booking" ("resource_id", "starts_at")');
    this.addSql(`create index booking_open_holds on booking (hold_expires_at) where status = 'held'`);
    this.addSql(`create index booking_unfinished on booking (ends_at) where status = 'confirmed'`);
    this.addSql(
      'alter table "booking" add constraint "booking_ends_after_start" check (ends_at > starts_at)',
    );
    this.addSql(
      `alter table "booking" add constraint "booking_at_most_a_day" check (ends_at <= starts_at + interval '12 hours')`,
    );
    this.addSql(
      'alter table "booking" add constraint "booking_money_not_negative" check (total_minor >= 0 and due_to_confirm_minor between 0 and total_minor and paid_minor >= 0 and refunded_minor between 0 and paid_minor)',
    );
    this.addSql(
      `alter table "booking" add constraint "booking_confirmed_is_paid" check (status not in ('confirmed', 'completed', 'no_show') or payment_waived or paid_minor >= due_to_confirm_minor)`,
    );
    this.addSql(
      `alter table "booking" add constraint "booking_held_has_an_end" check (status <> 'held' or hold_expires_at is not null)`,
    );
    this.addSql(
      `alter table "booking" add constraint "booking_cancelled_says_by_whom" check ((status = 'cancelled') = (cancelled_by is not null))`,
    );
    this.addSql(
      `alter table "booking" add constraint "booking_reference_is_sayable" check (reference ~ '^[2-9A-HJ-NP-Z]{6}$')`,
    );
    this.addSql(
      'alter table "booking" add constraint "booking_revision_counts_from_one" check (revision >= 1 and customer_moves >= 0)',
    );
    this.addSql(
      `alter table "booking" add constraint "booking_status_check" check ("status" in ('held', 'confirmed', 'completed', 'no_show', 'cancelled', 'expired'))`,
    );
    this.addSql(
      `alter table "booking" add constraint "booking_source_check" check ("source" in ('public', 'portal', 'staff'))`,
    );
    this.addSql(
      `alter table "booking" add constraint "booking_payment_policy_check" check ("payment_policy" in ('full', 'deposit', 'none'))`,
    );
    this.addSql(
      `alter table "booking" add constraint "booking_cancelled_by_check" check ("cancelled_by" in ('customer', 'staff', 'system', 'calendar'))`,
    );
    this.addSql(
      `create table "message" ("id" uuid not null, "customer_id" uuid null, "booking_id" uuid null, "direction" text not null default 'out', "channel" text not null, "family" text not null, "class" text not null, "to_address" varchar(254) not null, "to_hash" varchar(64) not null, "dedupe_key" varchar(200) not null, "revision" int not null default 1, "state" text not null default 'planned', "due_at" timestamptz not null, "expires_at" timestamptz not null, "after_id" uuid null, "instead_of_id" uuid null, "provider_id" varchar(200) null, "subject" varchar(300) null, "body" text null, "body_hash" varchar(64) null, "segments" int null, "error_code" int null, "reason" varchar(500) null, "flagged_at" timestamptz null, "automatic" boolean not null default true, "requested_by" uuid null, "request_id" varchar(100) null, "created_at" timestamptz not null, "accepted_at" timestamptz null, "final_at" timestamptz null, primary key ("id"))`,
    );
    this.addSql('alter table "message" add constraint "message_dedupe_key_unique" unique ("dedupe_key")');
    this.addSql('alter table "message" add constraint "message_provider_id_unique" unique ("provider_id")');
    this.addSql('create index "message_list" on "message" ("created_at", "id")');
    this.addSql('create index "message_booking" on "message" ("booking_id", "created_at")');
    this.addSql('create index "message_customer" on "message" ("customer_id", "created_at")');
    this.addSql('create index "message_recipient" on "message" ("to_hash", "created_at")');
    this.addSql('create index message_open on message (created_at) where final_at is null');
    this.addSql('create index message_flagged on message (flagged_at) where flagged_at is not null');
    this.addSql(
      `alter table "message" add constraint "message_end_has_its_time" check ((state in ('delivered', 'undelivered', 'failed', 'superseded', 'expired', 'cancelled', 'received')) = (final_at is not null))`,
    );
    this.addSql(
      `alter table "message" add constraint "message_taken_has_its_time" check (state not in ('queued', 'accepted', 'sending', 'sent', 'delivered', 'undelivered') or accepted_at is not null)`,
    );
    this.addSql(
      `alter table "message" add constraint "message_direction_fits_state" check ((direction = 'in') = (state = 'received') and (direction = 'in') = (family = 'inbound'))`,
    );
    this.addSql(
      `alter table "message" add constraint "message_submitting_is_rendered" check (state not in ('submitting', 'unknown') or body_hash is not null)`,
    );
    this.addSql(
      'alter table "message" add constraint "message_follows_another" check (after_id <> id and instead_of_id <> id)',
    );
    this.addSql(
      'alter table "message" add constraint "message_segments_not_negative" check (segments >= 0 and revision >= 1)',
    );
    this.addSql(
      'alter table "message" add constraint "message_flag_has_a_reason" check (flagged_at is null or reason is not null)',
    );
    this.addSql(
      `alter table "message" add constraint "message_direction_check" check ("direction" in ('out', 'in'))`,
    );
    this.addSql(
      `alter table "message" add constraint "message_channel_check" check ("channel" in ('sms', 'email'))`,
    );
    this.addSql(
      `alter table "message" add constraint "message_family_check" check ("family" in ('booking_confirmed', 'booking_reminder', 'booking_rescheduled', 'booking_cancelled', 'booking_held', 'payment_settled', 'welcome', 'staff_booking_new', 'staff_booking_moved', 'staff_booking_cancelled', 'manual', 'test', 'inbound'))`,
    );
    this.addSql(
      `alter table "message" add constraint "message_class_check" check ("class" in ('transactional', 'reminder', 'marketing', 'staff'))`,
    );
    this.addSql(
      `alter table "message" add constraint "message_state_check" check ("state" in ('planned', 'submitting', 'unknown', 'queued', 'accepted', 'sending', 'sent', 'delivered', 'undelivered', 'failed', 'superseded', 'expired', 'cancelled', 'received'))`,
    );
    this.addSql(
      'create table "message_attempt" ("id" uuid not null, "message_id" uuid not null, "customer_id" uuid null, "channel" text not null, "number" int not null, "started_at" timestamptz not null, "missed_at" timestamptz null, "finished_at" timestamptz null, "outcome" text null, "provider_id" varchar(200) null, "http_status" int null, "error_code" int null, primary key ("id"))',
    );
    this.addSql(
      'create unique index message_attempt_one_open on message_attempt (message_id) where finished_at is null',
    );
    this.addSql('create index "message_attempt_recent" on "message_attempt" ("channel", "started_at")');
    this.addSql(
      'alter table "message_attempt" add constraint "message_attempt_number_unique" unique ("message_id", "number")',
    );
    this.addSql(
      'alter table "message_attempt" add constraint "message_attempt_end_has_outcome" check ((finished_at is null) = (outcome is null))',
    );
    this.addSql(
      'alter table "message_attempt" add constraint "message_attempt_number_from_one" check (number >= 1)',
    );
    this.addSql(
      `alter table "message_attempt" add constraint "message_attempt_accepted_has_id" check (outcome <> 'accepted' or provider_id is not null)`,
    );
    this.addSql(
      `alter table "message_attempt" add constraint "message_attempt_channel_check" check ("channel" in ('sms', 'email'))`,
    );
    this.addSql(
      `alter table "message_attempt" add constraint "message_attempt_outcome_check" check ("outcome" in ('accepted', 'failed', 'refused', 'absent', 'given-up'))`,
    );
    this.addSql(
      'create table "booking_event" ("id" uuid not null, "booking_id" uuid not null, "customer_id" uuid not null, "revision" int not null, "type" text not null, "actor_kind" varchar(20) not null, "actor_id" uuid null, "at" timestamptz not null, "before" jsonb null, "after" jsonb not null, primary key ("id"))',
    );
    this.addSql('create index "booking_event_history" on "booking_event" ("booking_id", "at")');
    this.addSql(
      `alter table "booking_event" add constraint "booking_event_type_check" check ("type" in ('held', 'confirmed', 'rescheduled', 'cancelled', 'expired', 'completed', 'no_show', 'corrected', 'payment_waived', 'attendance_confirmed'))`,
    );
    this.addSql(
      'create table "service_resource" ("service_id" uuid not null, "resource_id" uuid not null, "duration_minutes" int null, "price_minor" int null, primary key ("service_id", "resource_id"))',
    );
    this.addSql(
      'alter table "service_resource" add constraint "service_resource_overrides_in_bounds" check ((duration_minutes is null or duration_minutes between 5 and 720) and (price_minor is null or price_minor >= 0))',
    );
    this.addSql(
      'create table "session" ("id" uuid not null, "kind" text not null, "account_id" uuid null, "customer_id" uuid null, "booking_id" uuid null, "manage_link_id" uuid null, "created_at" timestamptz not null default now(), "expires_at" timestamptz not null, "last_seen_at" timestamptz null, "revoked_at" timestamptz null, primary key ("id"))',
    );
    this.addSql('create index "session_account" on "session" ("account_id")');
    this.addSql('create index "session_customer" on "session" ("customer_id")');
    this.addSql('create index "session_booking" on "session" ("booking_id")');
    this.addSql('create index "session_manage_link" on "session" ("manage_link_id")');
    this.addSql('create index "session_expiry" on "session" ("expires_at")');
    this.addSql(
      `alter table "session" add constraint "session_belongs_to_one" check ((kind = 'staff' and account_id is not null and num_nonnulls(customer_id, booking_id, manage_link_id) = 0) or (kind = 'customer' and customer_id is not null and num_nonnulls(account_id, booking_id, manage_link_id) = 0) or (kind = 'guest' and booking_id is not null and manage_link_id is not null and num_nonnulls(account_id, customer_id) = 0))`,
    );
    this.addSql(
      `alter table "session" add constraint "session_kind_check" check ("kind" in ('staff', 'customer', 'guest'))`,
    );
    this.addSql(
      'create table "refresh_token" ("id" uuid not null, "session_id" uuid not null, "token_hash" varchar(64) not null, "created_at" timestamptz not null default now(), "expires_at" timestamptz not null, "used_at" timestamptz null, primary key ("id"))',
    );
    this.addSql(
      'alter table "refresh_token" add constraint "refresh_token_hash_unique" unique ("token_hash")',
    );
    this.addSql('create index "refresh_token_session" on "refresh_token" ("session_id")');
    this.addSql(
      `create table "time_off" ("id" uuid not null, "resource_id" uuid not null, "starts_at" timestamptz not null, "ends_at" timestamptz not null, "start_minute" int generated always as ((floor(extract(epoch from starts_at at time zone 'UTC') / 60))::int) stored null, "end_minute" int generated always as ((ceil(extract(epoch from ends_at at time zone 'UTC') / 60))::int) stored null, "reason" varchar(200) null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql('create index "time_off_search" on "time_off" ("resource_id", "end_minute", "start_minute")');
    this.addSql(
      'alter table "time_off" add constraint "time_off_ends_after_start" check (ends_at > starts_at)',
    );
    this.addSql(
      `alter table "time_off" add constraint "time_off_whole_minutes" check (extract(second from starts_at at time zone 'UTC') = 0 and extract(second from ends_at at time zone 'UTC') = 0)`,
    );
    this.addSql(
      `alter table "time_off" add constraint "time_off_at_most_a_year" check (ends_at <= starts_at + interval '366 days')`,
    );
    this.addSql(
      'create table "weekly_hours" ("id" uuid not null, "resource_id" uuid null, "weekday" int not null, "opens_at" varchar(5) not null, "closes_at" varchar(5) not null, primary key ("id"))',
    );
    this.addSql('create index "weekly_hours_resource" on "weekly_hours" ("resource_id", "weekday")');
    this.addSql(
      'alter table "weekly_hours" add constraint "weekly_hours_iso_weekday" check (weekday between 1 and 7)',
    );
    this.addSql(
      `alter table "weekly_hours" add constraint "weekly_hours_are_times" check (opens_at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and closes_at ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$')`,
    );
    this.addSql(
      `alter table "weekly_hours" add constraint "weekly_hours_no_overlap" exclude using gist (coalesce(resource_id, '00000000-0000-0000-0000-000000000000'::uuid) with =, (int4range((weekday - 1) * 1440 + split_part(opens_at, ':', 1)::int * 60 + split_part(opens_at, ':', 2)::int, (weekday - 1) * 1440 + split_part(closes_at, ':', 1)::int * 60 + split_part(closes_at, ':', 2)::int + case when closes_at <= opens_at then 1440 else 0 end)) with &&)`,
    );
    this.addSql(
      'alter table "consent" add constraint "consent_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "manage_link" add constraint "manage_link_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "hours_exception" add constraint "hours_exception_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "allocation" add constraint "allocation_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "booking" add constraint "booking_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "booking" add constraint "booking_service_id_foreign" foreign key ("service_id") references "service" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "booking" add constraint "booking_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "message" add constraint "message_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "message" add constraint "message_booking_id_foreign" foreign key ("booking_id") references "booking" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "message_attempt" add constraint "message_attempt_message_id_foreign" foreign key ("message_id") references "message" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "message_attempt" add constraint "message_attempt_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "booking_event" add constraint "booking_event_booking_id_foreign" foreign key ("booking_id") references "booking" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "booking_event" add constraint "booking_event_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "service_resource" add constraint "service_resource_service_id_foreign" foreign key ("service_id") references "service" ("id") on update cascade on delete restrict',
    );
    this.addSql(
      'alter table "service_resource" add constraint "service_resource_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on update cascade on delete restrict',
    );
    this.addSql(
      'alter table "session" add constraint "session_account_id_foreign" foreign key ("account_id") references "account" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "session" add constraint "session_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "session" add constraint "session_manage_link_id_foreign" foreign key ("manage_link_id") references "manage_link" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "refresh_token" add constraint "refresh_token_session_id_foreign" foreign key ("session_id") references "session" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "time_off" add constraint "time_off_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "weekly_hours" add constraint "weekly_hours_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql('alter table "customer" enable row level security');
    this.addSql('alter table "customer" force row level security');
    this.addSql(
      `create policy "customer_own_rows" on "customer" using (current_setting('app.actor_kind', true) in ('staff', 'system') or id = nullif(current_setting('app.customer_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or id = nullif(current_setting('app.customer_id', true), '')::uuid)`,
    );
    this.addSql('alter table "consent" enable row level security');
    this.addSql('alter table "consent" force row level security');
    this.addSql(
      `create policy "consent_own_rows" on "consent" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid)`,
    );
    this.addSql('alter table "manage_link" enable row level security');
    this.addSql('alter table "manage_link" force row level security');
    this.addSql(
      `create policy "manage_link_own_rows" on "manage_link" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid)`,
    );
    this.addSql('alter table "booking" enable row level security');
    this.addSql('alter table "booking" force row level security');
    this.addSql(
      `create policy "booking_own_rows" on "booking" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or id = nullif(current_setting('app.booking_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or id = nullif(current_setting('app.booking_id', true), '')::uuid)`,
    );
    this.addSql('alter table "message" enable row level security');
    this.addSql('alter table "message" force row level security');
    this.addSql(
      `create policy "message_own_rows" on "message" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid)`,
    );
    this.addSql('alter table "message_attempt" enable row level security');
    this.addSql('alter table "message_attempt" force row level security');
    this.addSql(
      `create policy "message_attempt_own_rows" on "message_attempt" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid)`,
    );
    this.addSql('alter table "booking_event" enable row level security');
    this.addSql('alter table "booking_event" force row level security');
    this.addSql(
      `create policy "booking_event_own_rows" on "booking_event" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid)`,
    );
  }

  override down(): void {
    for (const table of TABLES) this.addSql(`drop table "${table}" cascade`);
  }
}

const TABLES = [
  'weekly_hours',
  'time_off',
  'refresh_token',
  'session',
  'service_resource',
  'booking_event',
  'message_attempt',
  'message',
  'booking',
  'service',
  'security_counter',
  'allocation',
  'hours_exception',
  'resource',
  'provider_event',
  'outbox_message',
  'opt_out',
  'manage_link',
  'integration_status',
  'idempotency_key',
  'consent',
  'customer',
  'business',
  'account',
];
