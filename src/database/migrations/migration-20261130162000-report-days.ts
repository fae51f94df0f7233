import { Migration } from '@mikro-orm/migrations';

const INDEXES = {
  booking_event_day: 'booking_event (at)',
  payment_settled: `payment (settled_at) where state = 'succeeded'`,
  payment_lost: `payment (disputed_at) where dispute_state = 'lost'`,
  payment_quarantined: `payment (id) where state = 'quarantined'`,
  refund_settled: `refund (settled_at) where state = 'succeeded'`,
};

/** What is summed of days that are over, and what the rows of a day are found by. Nobody is locked out meanwhile. */
export class Migration20261130162000 extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(
      'create table if not exists "report_day" ("day" date not null, "time_zone" varchar(64) not null, "kept_at" timestamptz not null, "figures" jsonb not null, "failures" jsonb not null, "sms_ms" int[] not null, "email_ms" int[] not null, "texted" bigint[] not null, "visitors" bigint[] not null, primary key ("day"))',
    );
    this.addSql('alter table "report_day" drop constraint if exists "report_day_is_over"');
    this.addSql(
      'alter table "report_day" add constraint "report_day_is_over" check (kept_at >= (day + 1)::timestamp at time zone time_zone)',
    );
    for (const [name, of] of Object.entries(INDEXES)) {
      this.addSql(`drop index concurrently if exists ${name}`);
      this.addSql(`create index concurrently ${name} on ${of}`);
    }
  }

  override down(): void {
    for (const name of Object.keys(INDEXES)) this.addSql(`drop index concurrently if exists ${name}`);
    this.addSql('drop table if exists "report_day"');
  }
}
