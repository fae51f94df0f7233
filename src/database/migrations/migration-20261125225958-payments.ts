import { Migration } from '@mikro-orm/migrations';

/** Payments, refunds and receipts, what a person must look at, and what a booking knows of its money. */
export class Migration20261125225958 extends Migration {
  override up(): void {
    this.addSql(
      `create table "payment_task" ("id" uuid not null, "kind" text not null, "state" text not null default 'open', "booking_id" uuid null, "payment_id" uuid null, "refund_id" uuid null, "subject" varchar(200) not null, "detail" varchar(500) not null, "opened_at" timestamptz(3) not null, "decides_at" timestamptz null, "done_at" timestamptz null, "done_by" uuid null, "outcome" varchar(40) null, "version" int not null default 1, primary key ("id"))`,
    );
    this.addSql(
      'alter table "payment_task" add constraint "payment_task_once_per_subject" unique ("subject")',
    );
    this.addSql('create index "payment_task_list" on "payment_task" ("opened_at", "id")');
    this.addSql(
      `create index payment_task_deciding on payment_task (decides_at) where state = 'open' and decides_at is not null`,
    );
    this.addSql(
      `create table "payment" ("id" uuid not null, "booking_id" uuid not null, "customer_id" uuid not null, "purpose" text not null, "provider" text not null, "way" text null, "amount_minor" int not null, "currency" varchar(3) not null, "state" text not null default 'open', "surplus" boolean not null default false, "is_closed" boolean not null default false, "refunded_minor" int not null default 0, "intent_id" varchar(255) null, "session_id" varchar(255) null, "charge_id" varchar(255) null, "strange_minor" int null, "strange_currency" varchar(3) null, "method_brand" varchar(40) null, "method_last4" varchar(4) null, "error_code" varchar(80) null, "disputed_at" timestamptz null, "created_at" timestamptz(3) not null, "asked_at" timestamptz not null, "settled_at" timestamptz null, "looked_at" timestamptz null, "version" int not null default 1, primary key ("id"))`,
    );
    this.addSql('alter table "payment" add constraint "payment_intent_unique" unique ("intent_id")');
    this.addSql('alter table "payment" add constraint "payment_session_unique" unique ("session_id")');
    this.addSql('create index "payment_booking" on "payment" ("booking_id", "created_at")');
    this.addSql('create index "payment_customer" on "payment" ("customer_id", "created_at")');
    this.addSql('create index "payment_list" on "payment" ("created_at", "id")');
    this.addSql(
      `create index payment_unsettled on payment (asked_at) where state in ('open', 'processing') or (state = 'canceled' and not is_closed)`,
    );
    this.addSql(
      `create unique index payment_one_open_per_purpose on payment (booking_id, purpose) where state in ('open', 'processing')`,
    );
    this.addSql(
      `create unique index payment_one_succeeded_per_purpose on payment (booking_id, purpose) where state = 'succeeded' and not surplus and purpose <> 'balance'`,
    );
    this.addSql(
      `create table "refund" ("id" uuid not null, "payment_id" uuid not null, "booking_id" uuid not null, "customer_id" uuid not null, "cause" text not null, "cause_key" varchar(80) not null default '', "amount_minor" int not null, "currency" varchar(3) not null, "state" text not null default 'requested', "provider_id" varchar(255) null, "reason" varchar(500) null, "error_code" varchar(80) null, "requested_at" timestamptz(3) not null, "asked_at" timestamptz null, "settled_at" timestamptz null, "version" int not null default 1, primary key ("id"))`,
    );
    this.addSql('alter table "refund" add constraint "refund_provider_id_unique" unique ("provider_id")');
    this.addSql('create index "refund_booking" on "refund" ("booking_id", "requested_at")');
    this.addSql('create index "refund_payment" on "refund" ("payment_id")');
    this.addSql('create index "refund_customer" on "refund" ("customer_id")');
    this.addSql(
      `create index refund_unsettled on refund (requested_at) where state in ('requested', 'pending')`,
    );
    this.addSql(
      'alter table "refund" add constraint "refund_once_per_cause" unique ("payment_id", "cause", "cause_key")',
    );
    this.addSql(
      'create table "receipt" ("id" uuid not null, "number" int not null, "payment_id" uuid not null, "booking_id" uuid not null, "customer_id" uuid not null, "amount_minor" int not null, "currency" varchar(3) not null, "facts" jsonb not null, "issued_at" timestamptz(3) not null, primary key ("id"))',
    );
    this.addSql('alter table "receipt" add constraint "receipt_number_unique" unique ("number")');
    this.addSql('alter table "receipt" add constraint "receipt_one_per_payment" unique ("payment_id")');
    this.addSql('create index "receipt_booking" on "receipt" ("booking_id")');
    this.addSql('create index "receipt_customer" on "receipt" ("customer_id")');
    this.addSql(
      'alter table "booking" add "hold_lengthened" boolean not null default false, add "payment_signal" text null, add "cancel_refund_minor" int null',
    );
    this.addSql(
      'alter table "booking" add constraint "booking_refund_within_what_is_paid" check (cancel_refund_minor is null or cancel_refund_minor between 0 and paid_minor)',
    );
    this.addSql(
      `alter table "booking" add constraint "booking_payment_signal_check" check ("payment_signal" in ('processing', 'failed', 'disputed'))`,
    );
    this.addSql(
      `alter table "payment_task" add constraint "payment_task_done_has_its_time" check ((state = 'done') = (done_at is not null))`,
    );
    this.addSql(
      `alter table "payment_task" add constraint "payment_task_kind_check" check ("kind" in ('mismatch', 'refund-failed', 'refund-by-hand', 'dispute', 'drift'))`,
    );
    this.addSql(
      `alter table "payment_task" add constraint "payment_task_state_check" check ("state" in ('open', 'done'))`,
    );
    this.addSql(
      'alter table "payment" add constraint "payment_booking_id_foreign" foreign key ("booking_id") references "booking" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "payment" add constraint "payment_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql('alter table "payment" add constraint "payment_amount_positive" check (amount_minor > 0)');
    this.addSql(
      'alter table "payment" add constraint "payment_refunds_within_amount" check (refunded_minor between 0 and coalesce(strange_minor, amount_minor))',
    );
    this.addSql(
      `alter table "payment" add constraint "payment_settled_has_its_time" check ((state = 'succeeded') = (settled_at is not null))`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_refunds_only_what_came" check (refunded_minor = 0 or state in ('succeeded', 'quarantined'))`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_at_the_salon_is_settled" check ((provider = 'stripe') = (way is not null) and (provider = 'stripe' or state = 'succeeded'))`,
    );
    this.addSql(
      'alter table "payment" add constraint "payment_strange_money_is_told_whole" check ((strange_minor is null) = (strange_currency is null))',
    );
    this.addSql(
      `alter table "payment" add constraint "payment_surplus_came" check (not surplus or state = 'succeeded')`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_purpose_check" check ("purpose" in ('full', 'deposit', 'balance'))`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_provider_check" check ("provider" in ('stripe', 'cash', 'terminal'))`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_way_check" check ("way" in ('intent', 'checkout'))`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_state_check" check ("state" in ('open', 'processing', 'succeeded', 'quarantined', 'canceled'))`,
    );
    this.addSql('alter table "payment" enable row level security');
    this.addSql('alter table "payment" force row level security');
    this.addSql(
      `create policy "payment_own_rows" on "payment" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid)`,
    );
    this.addSql(
      'alter table "refund" add constraint "refund_payment_id_foreign" foreign key ("payment_id") references "payment" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "refund" add constraint "refund_booking_id_foreign" foreign key ("booking_id") references "booking" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "refund" add constraint "refund_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql('alter table "refund" add constraint "refund_amount_positive" check (amount_minor > 0)');
    this.addSql(
      `alter table "refund" add constraint "refund_in_parts_is_by_staff" check ((cause = 'staff') = (cause_key <> ''))`,
    );
    this.addSql(
      `alter table "refund" add constraint "refund_final_has_its_time" check ((state in ('succeeded', 'failed', 'canceled')) = (settled_at is not null))`,
    );
    this.addSql(
      `alter table "refund" add constraint "refund_cause_check" check ("cause" in ('cancellation', 'late', 'excess', 'mismatch', 'staff'))`,
    );
    this.addSql(
      `alter table "refund" add constraint "refund_state_check" check ("state" in ('requested', 'pending', 'succeeded', 'failed', 'canceled'))`,
    );
    this.addSql('alter table "refund" enable row level security');
    this.addSql('alter table "refund" force row level security');
    this.addSql(
      `create policy "refund_own_rows" on "refund" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid)`,
    );
    this.addSql(
      'alter table "receipt" add constraint "receipt_payment_id_foreign" foreign key ("payment_id") references "payment" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "receipt" add constraint "receipt_booking_id_foreign" foreign key ("booking_id") references "booking" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "receipt" add constraint "receipt_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete restrict',
    );
    this.addSql('alter table "receipt" add constraint "receipt_number_counts_from_one" check (number >= 1)');
    this.addSql('alter table "receipt" enable row level security');
    this.addSql('alter table "receipt" force row level security');
    this.addSql(
      `create policy "receipt_own_rows" on "receipt" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid or booking_id = nullif(current_setting('app.booking_id', true), '')::uuid)`,
    );
    this.addSql(`create function refuse_other_amount() returns trigger language plpgsql
      as $$ begin raise exception '%: an amount never changes', tg_table_name using errcode = '42501'; end $$`);
    for (const table of ['payment', 'refund'])
      this.addSql(`create trigger ${table}_amount_never_changes before update on ${table} for each row
        when (old.amount_minor <> new.amount_minor or old.currency <> new.currency) execute function refuse_other_amount()`);
  }

  override down(): void {
    this.addSql('alter table "booking" drop constraint "booking_payment_signal_check"');
    this.addSql('alter table "booking" drop constraint "booking_refund_within_what_is_paid"');
    this.addSql(
      'alter table "booking" drop column "hold_lengthened", drop column "payment_signal", drop column "cancel_refund_minor"',
    );
    for (const table of ['receipt', 'refund', 'payment', 'payment_task'])
      this.addSql(`drop table "${table}"`);
    this.addSql('drop function refuse_other_amount()');
  }
}
