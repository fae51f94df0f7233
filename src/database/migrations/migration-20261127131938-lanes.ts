import { Migration } from '@mikro-orm/migrations';

/** Effects stand in lanes, one for each provider, so that a silent one holds up nobody else's; hints go over Redis. */
export class Migration20261127131938 extends Migration {
  override up(): void {
    this.addSql('drop index "outbox_message_urgent"');
    this.addSql('alter table "outbox_message" drop column "urgent"');
    this.addSql(
      `alter table "outbox_message" add "lane" text not null default 'usual', add "hinted_at" timestamptz null`,
    );
    this.addSql(
      `update outbox_message set lane = case
          when handler in ('message.send-now', 'messaging.code') then 'urgent'
          when handler in ('message.send', 'message.poll', 'message.forget') then 'messages'
          when handler in ('calendar.reconcile', 'calendar.sync', 'calendar.look') then 'calendar'
          when handler in ('payments.settle', 'payments.refund', 'payments.refund-look', 'payments.close', 'payments.dispute') then 'payments'
          else 'usual' end
        where state in ('pending', 'claimed')`,
    );
    this.addSql(
      `create index outbox_message_lane on outbox_message (lane, due_at, id) where state = 'pending'`,
    );
    this.addSql(
      `alter table "outbox_message" add constraint "outbox_message_lane_check" check ("lane" in ('usual', 'urgent', 'messages', 'calendar', 'payments'))`,
    );
  }

  override down(): void {
    this.addSql('drop index "outbox_message_lane"');
    this.addSql(`alter table "outbox_message" add "urgent" boolean not null default false`);
    this.addSql(`update outbox_message set urgent = true where lane in ('urgent', 'payments')`);
    this.addSql('alter table "outbox_message" drop column "lane", drop column "hinted_at"');
    this.addSql(
      `create index outbox_message_urgent on outbox_message (due_at) where state = 'pending' and urgent`,
    );
  }
}
