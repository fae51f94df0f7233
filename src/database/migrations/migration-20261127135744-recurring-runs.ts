import { Migration } from '@mikro-orm/migrations';

/** When regular work was last done, for the status. */
export class Migration20261127135744 extends Migration {
  override up(): void {
    this.addSql(
      'create table "recurring_run" ("name" varchar(40) not null, "every_seconds" int not null, "last_run_at" timestamptz not null, "last_success_at" timestamptz null, "last_error" varchar(300) null, "took_ms" int not null, primary key ("name"))',
    );
    this.addSql(
      'alter table "recurring_run" add constraint "recurring_run_counts_forwards" check (every_seconds > 0 and took_ms >= 0)',
    );
  }

  override down(): void {
    this.addSql('drop table "recurring_run"');
  }
}
