import { Migration } from '@mikro-orm/migrations';

/** A database that was put back from a backup remembers it: what it finds again may have been told before. */
export class Migration20261129205528 extends Migration {
  override up(): void {
    this.addSql(
      'alter table "business" add "restored_at" timestamptz null, add "backed_up_at" timestamptz null',
    );
    this.addSql(
      'alter table "business" add constraint "business_restoration_says_from_when" check ((restored_at is null) = (backed_up_at is null))',
    );
  }

  override down(): void {
    this.addSql('alter table "business" drop column "restored_at", drop column "backed_up_at"');
  }
}
