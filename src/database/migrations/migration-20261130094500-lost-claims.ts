import { Migration } from '@mikro-orm/migrations';

/** An effect’s own failures and the claimers it lost are counted apart. Existing rows are read without locking anybody out. */
export class Migration20261130094500 extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql('alter table "outbox_message" add column if not exists "lost_claims" int not null default 0');
    this.addSql('alter table "outbox_message" drop constraint if exists "outbox_message_attempts_bounded"');
    this.addSql(
      `alter table "outbox_message" add constraint "outbox_message_attempts_bounded" check (failures >= 0 and lost_claims >= 0 and failures + lost_claims <= attempt) not valid`,
    );
    this.addSql('alter table "outbox_message" validate constraint "outbox_message_attempts_bounded"');
    this.addSql('drop index concurrently if exists outbox_message_suspects');
    this.addSql(
      `create index concurrently outbox_message_suspects on outbox_message (due_at, id) where state = 'pending' and lost_claims >= 3`,
    );
  }

  override down(): void {
    this.addSql('drop index concurrently if exists outbox_message_suspects');
    this.addSql(
      `create index concurrently outbox_message_suspects on outbox_message (due_at, id) where state = 'pending' and failures >= 3`,
    );
    this.addSql('alter table "outbox_message" drop constraint if exists "outbox_message_attempts_bounded"');
    this.addSql('alter table "outbox_message" drop column if exists "lost_claims"');
    this.addSql(
      `alter table "outbox_message" add constraint "outbox_message_attempts_bounded" check (attempt >= 0 and failures between 0 and attempt) not valid`,
    );
    this.addSql('alter table "outbox_message" validate constraint "outbox_message_attempts_bounded"');
  }
}
