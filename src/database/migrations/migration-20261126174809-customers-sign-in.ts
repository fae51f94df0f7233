import { Migration } from '@mikro-orm/migrations';

/** What a customer's row is of: a merge gives each of them to the customer who proved the contact. */
const OWNED = [
  'booking',
  'booking_event',
  'consent',
  'manage_link',
  'message',
  'message_attempt',
  'payment',
  'receipt',
  'refund',
];

const NEW = ['one_time_code', 'contact_changed', 'contact_joined', 'erasure_asked'];

const BEFORE = [
  'booking_confirmed',
  'booking_reminder',
  'booking_rescheduled',
  'booking_cancelled',
  'booking_held',
  'payment_settled',
  'payment_late',
  'refund_succeeded',
  'refund_failed',
  'welcome',
  'staff_booking_new',
  'staff_booking_moved',
  'staff_booking_cancelled',
  'staff_payment_task',
  'manual',
  'test',
  'inbound',
];

const FAMILIES = BEFORE.flatMap((family) => (family === 'welcome' ? [family, ...NEW] : [family]));

const familiesAre = (families: readonly string[]) =>
  `add constraint message_family_check check (family in (${families.map((family) => `'${family}'`).join(', ')}))`;

/** Customers sign in by code, prove their contacts, and take over what guests booked with them. */
export class Migration20261126174809 extends Migration {
  override up(): void {
    this.addSql(
      'create table "one_time_code" ("id" uuid not null, "purpose" text not null, "channel" text not null, "contact" varchar(254) not null, "contact_hash" varchar(43) not null, "network_hash" varchar(43) not null, "session_id" uuid null, "same_as_id" uuid null, "replaces" varchar(254) null, "is_sent" boolean not null, "tries" int not null default 0, "created_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null, primary key ("id"))',
    );
    this.addSql('create index "one_time_code_contact" on "one_time_code" ("contact_hash", "created_at")');
    this.addSql('create index "one_time_code_network" on "one_time_code" ("network_hash", "created_at")');
    this.addSql('create index "one_time_code_session" on "one_time_code" ("session_id")');
    this.addSql('create index "one_time_code_age" on "one_time_code" ("created_at")');
    this.addSql(
      'alter table "customer" add "phone_held_since" timestamptz null, add "birthday" date null, add "preferred_resource_id" uuid null, add "notes_to_salon" text null',
    );
    this.addSql(
      'alter table "customer" add constraint "customer_phone_is_held_once_verified" check (phone_held_since is null or phone_verified_at is not null)',
    );
    this.addSql(
      'alter table "session" add "proven_at" timestamptz null, add "history_from" timestamptz null',
    );
    this.addSql('alter table "message" drop constraint "message_family_check"');
    this.addSql('alter table "message" add "code_id" uuid null');
    this.addSql(
      'alter table "message" add constraint "message_code_id_foreign" foreign key ("code_id") references "one_time_code" ("id") on delete set null',
    );
    this.addSql('create index "message_code" on "message" ("code_id")');
    this.addSql(`alter table message ${familiesAre(FAMILIES)}`);
    this.addSql(
      'alter table "one_time_code" add constraint "one_time_code_session_id_foreign" foreign key ("session_id") references "session" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "one_time_code" add constraint "one_time_code_at_most_five_tries" check (tries between 0 and 5)',
    );
    this.addSql(
      `alter table "one_time_code" add constraint "one_time_code_lives_five_minutes" check (expires_at > created_at and expires_at <= created_at + interval '5 minutes')`,
    );
    this.addSql(
      `alter table "one_time_code" add constraint "one_time_code_of_a_session_unless_it_opens_one" check ((purpose = 'sign-in') = (session_id is null))`,
    );
    this.addSql(
      'alter table "one_time_code" add constraint "one_time_code_sent_or_same" check (not (is_sent and same_as_id is not null))',
    );
    this.addSql(
      `alter table "one_time_code" add constraint "one_time_code_contact_is_hashed" check (contact_hash ~ '^[A-Za-z0-9_-]{43}$')`,
    );
    this.addSql(
      `alter table "one_time_code" add constraint "one_time_code_purpose_check" check ("purpose" in ('sign-in', 'step-up', 'contact'))`,
    );
    this.addSql(
      `alter table "one_time_code" add constraint "one_time_code_channel_check" check ("channel" in ('sms', 'email'))`,
    );
    this.addSql(
      'alter table customer add constraint customer_preferred_resource_exists foreign key (preferred_resource_id) references resource (id)',
    );
    this.addSql(
      'alter table customer add constraint customer_merged_into_exists foreign key (merged_into_id) references customer (id)',
    );
    this.addSql(
      'alter table one_time_code add constraint one_time_code_same_as_exists foreign key (same_as_id) references one_time_code (id) on delete cascade',
    );
    // The app may not touch append-only rows; the two functions that may say so for the length of their work.
    this.addSql(`create or replace function refuse_change() returns trigger language plpgsql
      as $$ begin
        if tg_op = 'UPDATE' and current_setting('app.subject_moves', true) = 'yes' then return new; end if;
        raise exception '% is append-only', tg_table_name using errcode = '42501';
      end $$`);
    this.addSql(`create function merge_customer(guest uuid, keeper uuid) returns void security definer
      set search_path = public language plpgsql as $$
      begin
        update customer set merged_into_id = keeper where id = guest and id <> keeper and merged_into_id is null
          and erased_at is null and phone_verified_at is null and email_verified_at is null;
        if not found then raise exception 'only a guest can be merged' using errcode = '23514'; end if;
        -- What the customer decided stays decided, whatever was ticked for a guest since.
        insert into consent (id, customer_id, purpose, granted, text_version, source, actor_kind, at)
        select gen_random_uuid(), keeper, own.purpose, own.granted, own.text_version, 'merge', 'system', app_now()
          from (select distinct on (purpose) * from consent where customer_id = keeper order by purpose, at desc, id desc) own
         where exists (select from consent g where g.customer_id = guest and g.purpose = own.purpose);
        perform set_config('app.subject_moves', 'yes', true);
${OWNED.map((table) => `        update ${table} set customer_id = keeper where customer_id = guest;`).join('\n')}
        perform set_config('app.subject_moves', '', true);
      end $$`);
    this.addSql('revoke execute on function merge_customer(uuid, uuid) from public');
    this.addSql('grant execute on function merge_customer(uuid, uuid) to lawrei_app');
  }

  override down(): void {
    this.addSql('drop function merge_customer(uuid, uuid)');
    this.addSql(`create or replace function refuse_change() returns trigger language plpgsql
      as $$ begin raise exception '% is append-only', tg_table_name using errcode = '42501'; end $$`);
    this.addSql('alter table message drop constraint message_family_check');
    this.addSql(`alter table message ${familiesAre(BEFORE)} not valid`);
    this.addSql('alter table message drop column code_id');
    this.addSql('drop table one_time_code');
    this.addSql('alter table session drop column proven_at, drop column history_from');
    this.addSql(
      'alter table customer drop constraint customer_preferred_resource_exists, drop constraint customer_merged_into_exists',
    );
    this.addSql('alter table customer drop constraint customer_phone_is_held_once_verified');
    this.addSql(
      'alter table customer drop column phone_held_since, drop column birthday, drop column preferred_resource_id, drop column notes_to_salon',
    );
  }
}
