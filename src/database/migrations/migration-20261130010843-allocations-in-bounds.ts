import { Migration } from '@mikro-orm/migrations';

/** No booking takes anybody's time for more than a day; a search for what overlaps may rely on it. Existing rows are read without locking anybody out. */
export class Migration20261130010843 extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql('alter table "allocation" drop constraint if exists "allocation_at_most_a_day"');
    this.addSql(
      `alter table "allocation" add constraint "allocation_at_most_a_day" check (upper(during) - lower(during) <= interval '1440 minutes') not valid`,
    );
    this.addSql('alter table "allocation" validate constraint "allocation_at_most_a_day"');
  }

  override down(): void {
    this.addSql('alter table "allocation" drop constraint "allocation_at_most_a_day"');
  }
}
