import { Migration } from '@mikro-orm/migrations';

/** Calendars at Google: whose they are, and what stands in them of which booking. */
export class Migration20261127090124 extends Migration {
  override up(): void {
    this.addSql(
      `create table "calendar_connection" ("id" uuid not null, "source" text not null, "refresh_token" text null, "state" text not null default 'ok', "state_since" timestamptz not null default now(), "last_error" varchar(300) null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(
      `create unique index calendar_connection_one_of_environment on calendar_connection (source) where source = 'environment'`,
    );
    this.addSql(
      'create table "calendar" ("id" uuid not null, "connection_id" uuid not null, "google_id" varchar(254) not null, "resource_id" uuid null, "is_target" boolean not null default false, "paused_until" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))',
    );
    this.addSql(
      'create unique index calendar_once_a_person on calendar (connection_id, google_id, resource_id) nulls not distinct',
    );
    this.addSql(
      'create unique index calendar_one_target_each on calendar (resource_id) nulls not distinct where is_target',
    );
    this.addSql(
      'create table "calendar_link" ("booking_id" uuid not null, "calendar_id" uuid not null, "event_id" varchar(100) not null, "etag" varchar(100) null, "synced_hash" varchar(43) null, "booking_version" int not null default 0, "suppressed" boolean not null default false, "claim" uuid null, "claimed_until" timestamptz null, "synced_at" timestamptz null, primary key ("booking_id", "calendar_id"))',
    );
    this.addSql('create unique index calendar_link_one_event_each on calendar_link (calendar_id, event_id)');
    this.addSql(`alter table "business" add "calendar_details" text not null default 'contact'`);
    this.addSql(
      `alter table "business" add constraint "business_calendar_details_check" check ("calendar_details" in ('service', 'name', 'contact'))`,
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
  }

  override down(): void {
    this.addSql('drop table "calendar_link"');
    this.addSql('drop table "calendar"');
    this.addSql('drop table "calendar_connection"');
    this.addSql('alter table "business" drop column "calendar_details"');
  }
}
