import { Migration } from '@mikro-orm/migrations';

/** Effects that failed so often that they are let in one at a time are found without a walk through all that is due. */
export class Migration20261127175140 extends Migration {
  override up(): void {
    this.addSql(
      `create index outbox_message_suspects on outbox_message (due_at, id) where state = 'pending' and failures >= 3`,
    );
  }

  override down(): void {
    this.addSql('drop index "outbox_message_suspects"');
  }
}
