import { Migration } from '@mikro-orm/migrations';

/** Effects that do not wait behind a morning's reminders. */
export class Migration20261126001500 extends Migration {
  override up(): void {
    this.addSql('alter table outbox_message add urgent boolean not null default false');
    this.addSql(
      `create index outbox_message_urgent on outbox_message (due_at) where state = 'pending' and urgent`,
    );
  }

  override down(): void {
    this.addSql('drop index outbox_message_urgent');
    this.addSql('alter table outbox_message drop column urgent');
  }
}
