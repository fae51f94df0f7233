import { Migration } from '@mikro-orm/migrations';

const FAMILIES = [
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
  'one_time_code',
  'contact_changed',
  'contact_joined',
  'erasure_asked',
  'staff_booking_new',
  'staff_booking_moved',
  'staff_booking_cancelled',
  'staff_payment_task',
  'manual',
  'test',
  'inbound',
];
const NEW = ['staff_calendar_broken', 'staff_calendar_conflict'];

const familiesAre = (families: readonly string[]) =>
  `add constraint message_family_check check (family in (${families.map((family) => `'${family}'`).join(', ')}))`;

/** Calendars at Google: whose they are, what stands in them of which booking, and when people are busy by them. */
export class Migration20261127091909 extends Migration {
  override up(): void {
    this.addSql('alter table message drop constraint message_family_check');
    this.addSql(
      `alter table message ${familiesAre(FAMILIES.flatMap((family) => (family === 'manual' ? [...NEW, family] : [family])))}`,
    );
    this.addSql(
      `create table "calendar_connection" ("id" uuid not null, "source" text not null, "refresh_token" text null, "state" text not null default 'ok', "state_since" timestamptz not null default now(), "last_error" varchar(300) null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(
      `create unique index calendar_connection_one_of_environment on calendar_connection (source) where source = 'environment'`,
    );
    this.addSql(
      'create table "calendar" ("id" uuid not null, "connection_id" uuid not null, "google_id" varchar(254) not null, "resource_id" uuid null, "is_target" boolean not null default false, "reads_busy" boolean not null default true, "sync_token" text null, "generation" int not null default 0, "synced_at" timestamptz null, "channel_id" uuid null, "channel_resource_id" varchar(200) null, "channel_expires_at" timestamptz null, "channel_renew_at" timestamptz null, "paused_until" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))',
    );
    this.addSql(
      'create unique index calendar_once_a_person on calendar (connection_id, google_id, resource_id) nulls not distinct',
    );
    this.addSql(
      'create unique index calendar_one_target_each on calendar (resource_id) nulls not distinct where is_target',
    );
    this.addSql('create unique index calendar_channel_unique on calendar (channel_id)');
    this.addSql(
      'create table "busy_source" ("id" uuid not null, "resource_id" uuid null, "synced_at" timestamptz null, primary key ("id"))',
    );
    this.addSql(
      `create table "external_busy" ("source_id" uuid not null, "event_id" varchar(1024) not null, "resource_id" uuid null, "etag" varchar(100) not null, "starts_at" timestamptz not null, "ends_at" timestamptz not null, "start_minute" int generated always as ((floor(extract(epoch from starts_at at time zone 'UTC') / 60))::int) stored null, "end_minute" int generated always as ((ceil(extract(epoch from ends_at at time zone 'UTC') / 60))::int) stored null, "generation" int not null default 0, primary key ("source_id", "event_id"))`,
    );
    this.addSql(
      'create index "external_busy_search" on "external_busy" ("resource_id", "end_minute", "start_minute")',
    );
    this.addSql(
      'create table "calendar_link" ("booking_id" uuid not null, "calendar_id" uuid not null, "event_id" varchar(100) not null, "etag" varchar(100) null, "synced_hash" varchar(43) null, "booking_version" int not null default 0, "suppressed" boolean not null default false, "claim" uuid null, "claimed_until" timestamptz null, "synced_at" timestamptz null, primary key ("booking_id", "calendar_id"))',
    );
    this.addSql('create index calendar_link_unknown on calendar_link (booking_id) where synced_hash is null');
    this.addSql('create unique index calendar_link_one_event_each on calendar_link (calendar_id, event_id)');
    this.addSql(
      'create table "calendar_conflict" ("id" uuid not null, "booking_id" uuid not null, "calendar_id" uuid not null, "kind" text not null, "starts_at" timestamptz null, "ends_at" timestamptz null, "reason" varchar(80) null, "created_at" timestamptz not null, "resolution" text null, "resolved_at" timestamptz null, "resolved_by" uuid null, primary key ("id"))',
    );
    this.addSql(
      'create unique index calendar_conflict_one_open_each on calendar_conflict (booking_id, kind) where resolution is null',
    );
    this.addSql('create index "calendar_conflict_created" on "calendar_conflict" ("created_at", "id")');
    this.addSql(
      `alter table "business" add "calendar_details" text not null default 'contact', add "calendar_moves" text not null default 'apply', add "calendar_deletions" text not null default 'flag'`,
    );
    this.addSql(
      `alter table "business" add constraint "business_calendar_details_check" check ("calendar_details" in ('service', 'name', 'contact'))`,
    );
    this.addSql(
      `alter table "business" add constraint "business_calendar_moves_check" check ("calendar_moves" in ('apply', 'revert', 'flag'))`,
    );
    this.addSql(
      `alter table "business" add constraint "business_calendar_deletions_check" check ("calendar_deletions" in ('flag', 'cancel', 'restore'))`,
    );
    this.addSql(
      `alter table "calendar_connection" add constraint "calendar_connection_token_of_oauth" check ((source = 'oauth') = (refresh_token is not null))`,
    );
    this.addSql(
      `alter table "calendar_connection" add constraint "calendar_connection_source_check" check ("source" in ('environment', 'oauth'))`,
    );
    this.addSql(
      `alter table "calendar_connection" add constraint "calendar_connection_state_check" check ("state" in ('ok', 'degraded', 'broken'))`,
    );
    this.addSql(
      'alter table "calendar" add constraint "calendar_connection_id_foreign" foreign key ("connection_id") references "calendar_connection" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "calendar" add constraint "calendar_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "calendar" add constraint "calendar_channel_is_whole" check (num_nonnulls(channel_id, channel_resource_id, channel_expires_at) in (0, 3))',
    );
    this.addSql(
      'alter table "busy_source" add constraint "busy_source_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "external_busy" add constraint "external_busy_source_id_foreign" foreign key ("source_id") references "busy_source" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "external_busy" add constraint "external_busy_resource_id_foreign" foreign key ("resource_id") references "resource" ("id") on delete restrict',
    );
    this.addSql(
      'alter table "external_busy" add constraint "external_busy_ends_after_start" check (ends_at > starts_at)',
    );
    this.addSql(
      'alter table "calendar_link" add constraint "calendar_link_booking_id_foreign" foreign key ("booking_id") references "booking" ("id") on update cascade on delete cascade',
    );
    this.addSql(
      'alter table "calendar_link" add constraint "calendar_link_calendar_id_foreign" foreign key ("calendar_id") references "calendar" ("id") on update cascade on delete cascade',
    );
    this.addSql(
      `alter table "calendar_link" add constraint "calendar_link_event_id_is_base32hex" check (event_id ~ '^[a-v0-9]{5,100}$')`,
    );
    this.addSql(
      'alter table "calendar_link" add constraint "calendar_link_claim_ends" check ((claim is null) = (claimed_until is null))',
    );
    this.addSql(
      'alter table "calendar_conflict" add constraint "calendar_conflict_booking_id_foreign" foreign key ("booking_id") references "booking" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "calendar_conflict" add constraint "calendar_conflict_calendar_id_foreign" foreign key ("calendar_id") references "calendar" ("id") on delete cascade',
    );
    this.addSql(
      'alter table "calendar_conflict" add constraint "calendar_conflict_end_tells_how" check ((resolution is null) = (resolved_at is null))',
    );
    this.addSql(
      'alter table "calendar_conflict" add constraint "calendar_conflict_times_are_a_pair" check ((starts_at is null) = (ends_at is null) and (ends_at is null or ends_at > starts_at))',
    );
    this.addSql(
      `alter table "calendar_conflict" add constraint "calendar_conflict_kind_check" check ("kind" in ('moved', 'deleted', 'overlap'))`,
    );
    this.addSql(
      `alter table "calendar_conflict" add constraint "calendar_conflict_resolution_check" check ("resolution" in ('applied', 'reverted', 'cancelled', 'restored', 'dismissed', 'gone'))`,
    );
  }

  override down(): void {
    this.addSql(`delete from message where family in (${NEW.map((family) => `'${family}'`).join(', ')})`);
    this.addSql('alter table message drop constraint message_family_check');
    this.addSql(`alter table message ${familiesAre(FAMILIES)}`);
    for (const table of [
      'calendar_conflict',
      'calendar_link',
      'external_busy',
      'busy_source',
      'calendar',
      'calendar_connection',
    ])
      this.addSql(`drop table "${table}"`);
    for (const column of ['calendar_details', 'calendar_moves', 'calendar_deletions'])
      this.addSql(`alter table "business" drop column "${column}"`);
  }
}
