import { Migration } from '@mikro-orm/migrations';

const BEFORE = [
  'booking_confirmed',
  'booking_reminder',
  'booking_rescheduled',
  'booking_cancelled',
  'booking_held',
  'payment_settled',
  'welcome',
  'staff_booking_new',
  'staff_booking_moved',
  'staff_booking_cancelled',
  'manual',
  'test',
  'inbound',
];

const NOW = BEFORE.flatMap((family) => {
  if (family === 'payment_settled') return [family, 'payment_late', 'refund_succeeded', 'refund_failed'];
  return family === 'staff_booking_cancelled' ? [family, 'staff_payment_task'] : [family];
});

const familiesAre = (families: readonly string[]) =>
  `add constraint message_family_check check (family in (${families.map((family) => `'${family}'`).join(', ')}))`;

/** Messages that speak of one payment or one refund, and their families. */
export class Migration20261125231500 extends Migration {
  override up(): void {
    this.addSql('alter table message add payment_id uuid null, add refund_id uuid null');
    for (const target of ['payment', 'refund']) {
      this.addSql(
        `alter table message add constraint message_${target}_id_foreign foreign key (${target}_id) references ${target} (id) on delete restrict`,
      );
    }
    this.addSql(
      'alter table message add constraint message_about_money_names_all check ((payment_id is null or booking_id is not null) and (refund_id is null or payment_id is not null))',
    );
    this.addSql('alter table message drop constraint message_family_check');
    this.addSql(`alter table message ${familiesAre(NOW)}`);
  }

  /** Messages of the newer families stay in the log: the old rule holds for what comes. */
  override down(): void {
    this.addSql('alter table message drop constraint message_family_check');
    this.addSql(`alter table message ${familiesAre(BEFORE)} not valid`);
    this.addSql('alter table message drop constraint message_about_money_names_all');
    this.addSql('alter table message drop column payment_id, drop column refund_id');
  }
}
