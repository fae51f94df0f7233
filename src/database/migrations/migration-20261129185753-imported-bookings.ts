import { Migration } from '@mikro-orm/migrations';

/** Bookings may have been made in another system. */
export class Migration20261129185753 extends Migration {
  override up(): void {
    this.sources(`'public', 'portal', 'staff', 'import'`);
  }

  override down(): void {
    this.addSql(`update "booking" set "source" = 'staff' where "source" = 'import'`);
    this.sources(`'public', 'portal', 'staff'`);
  }

  private sources(known: string): void {
    this.addSql('alter table "booking" drop constraint "booking_source_check"');
    this.addSql(`alter table "booking" add constraint "booking_source_check" check ("source" in (${known}))`);
  }
}
