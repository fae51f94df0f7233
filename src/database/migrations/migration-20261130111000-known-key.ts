import { Migration } from '@mikro-orm/migrations';

/** The database remembers under which ENCRYPTION_KEY its hashes were made: under another one no STOP would be found again. */
export class Migration20261130111000 extends Migration {
  override up(): void {
    this.addSql('alter table "business" add "key_check" varchar(43) null');
  }

  override down(): void {
    this.addSql('alter table "business" drop column "key_check"');
  }
}
