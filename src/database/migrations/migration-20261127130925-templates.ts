import { Migration } from '@mikro-orm/migrations';

/** Wordings of messages: what a salon writes, and everything that was in force once. */
export class Migration20261127130925 extends Migration {
  override up(): void {
    this.addSql(
      'create table "message_template" ("key" varchar(80) not null, "channel" text not null, "name" text not null, "language" varchar(2) not null, "draft_subject" varchar(200) null, "draft_body" text null, "version" int not null default 1, primary key ("key"))',
    );
    this.addSql(
      'create table "message_template_version" ("key" varchar(80) not null, "number" int not null, "subject" varchar(200) null, "body" text not null, "restores" int null, "published_by" uuid not null, "published_at" timestamptz not null, primary key ("key", "number"))',
    );
    this.addSql(
      `alter table "message_template" add constraint "message_template_key_tells_what" check (key = channel || '.' || name || '.' || language and language ~ '^[a-z]{2}$')`,
    );
    this.addSql(
      `alter table "message_template" add constraint "message_template_subject_of_emails" check (draft_subject is null or (channel = 'email' and draft_body is not null))`,
    );
    this.addSql(
      `alter table "message_template" add constraint "message_template_channel_check" check ("channel" in ('sms', 'email'))`,
    );
    this.addSql(
      `alter table "message_template" add constraint "message_template_name_check" check ("name" in ('booking_confirmed', 'booking_confirmed_balance', 'booking_reminder', 'booking_reminder_today', 'booking_reminder_date', 'booking_rescheduled', 'booking_cancelled', 'booking_cancelled_refund', 'booking_held', 'payment_settled', 'payment_late', 'payment_late_alternatives', 'payment_late_cancelled', 'refund_succeeded', 'refund_failed', 'welcome', 'one_time_code', 'contact_changed', 'contact_joined', 'erasure_asked', 'staff_booking_new', 'staff_booking_moved', 'staff_booking_cancelled', 'staff_payment_task', 'staff_calendar_broken', 'staff_calendar_conflict'))`,
    );
    this.addSql(
      'alter table "message_template_version" add constraint "message_template_version_key_foreign" foreign key ("key") references "message_template" ("key") on delete restrict',
    );
    this.addSql(
      'alter table "message_template_version" add constraint "message_template_version_after_shipped" check (number >= 2)',
    );
    this.addSql(
      'alter table "message_template_version" add constraint "message_template_version_restores_earlier" check (restores between 1 and number - 1)',
    );
    // What was in force stays as it was.
    this.addSql('revoke update, delete, truncate on message_template_version from lawrei_app');
  }

  override down(): void {
    this.addSql('drop table "message_template_version"');
    this.addSql('drop table "message_template"');
  }
}
