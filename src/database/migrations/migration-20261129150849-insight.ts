import { Migration } from '@mikro-orm/migrations';

/** What the sentinel found, how often each route was asked, and what happened to one customer's bookings lately. */
export class Migration20261129150849 extends Migration {
  override up(): void {
    this.addSql(
      'create table "invariant_check" ("name" varchar(60) not null, "checked_at" timestamptz not null, "took_ms" int not null, "broken" int not null, "sample" jsonb not null, "broken_since" timestamptz null, primary key ("name"))',
    );
    this.addSql(
      'create table "request_tally" ("day" date not null, "method" varchar(10) not null, "route" varchar(200) not null, "outcome" varchar(60) not null, "requests" bigint not null, primary key ("day", "method", "route", "outcome"))',
    );
    this.addSql(
      'alter table "invariant_check" add constraint "invariant_check_counts" check (broken >= 0 and took_ms >= 0)',
    );
    this.addSql(
      'alter table "invariant_check" add constraint "invariant_check_broken_since_then" check ((broken > 0) = (broken_since is not null))',
    );
    this.addSql('alter table "request_tally" add constraint "request_tally_counts" check (requests > 0)');
    this.addSql('create index "booking_event_customer" on "booking_event" ("customer_id", "at")');
  }

  override down(): void {
    this.addSql('drop index "booking_event_customer"');
    this.addSql('drop table "request_tally"');
    this.addSql('drop table "invariant_check"');
  }
}
