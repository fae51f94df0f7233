import { Migration } from '@mikro-orm/migrations';

/** Every statement asks for app time; a transaction that was told the offset at its begin need not read it again and again. */
export class Migration20261130101000 extends Migration {
  override up(): void {
    this.addSql('alter function app_clock_offset_ms() parallel safe');
    this.addSql(`create or replace function app_now() returns timestamptz stable parallel safe language sql
      as $$ select now() + make_interval(secs => coalesce(nullif(current_setting('app.clock_offset_ms', true), '')::float8,
                                                         app_clock_offset_ms()) / 1000.0) $$`);
  }

  override down(): void {
    this.addSql(`create or replace function app_now() returns timestamptz stable parallel unsafe language sql
      as $$ select now() + make_interval(secs => app_clock_offset_ms() / 1000.0) $$`);
    this.addSql('alter function app_clock_offset_ms() parallel unsafe');
  }
}
