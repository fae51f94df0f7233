import { Migration } from '@mikro-orm/migrations';

const BEFORE = [
  'held',
  'confirmed',
  'rescheduled',
  'cancelled',
  'expired',
  'completed',
  'no_show',
  'corrected',
  'payment_waived',
  'attendance_confirmed',
];

const typesAre = (types: readonly string[]) =>
  `add constraint booking_event_type_check check (type in (${types.map((type) => `'${type}'`).join(', ')}))`;

/** Staff may change the price of a booking: the history knows the kind, with both amounts and the reason. */
export class Migration20261125224500 extends Migration {
  override up(): void {
    this.addSql('alter table booking_event drop constraint booking_event_type_check');
    this.addSql(`alter table booking_event ${typesAre([...BEFORE, 'price_changed'])}`);
    this.addSql(`alter table booking_event add constraint booking_event_price_change_says_all check (type <> 'price_changed'
      or (before ->> 'totalMinor' is not null and after ->> 'totalMinor' is not null and after ->> 'reason' is not null))`);
  }

  /** Prices that were changed meanwhile stay history, which is never rewritten: the old rule holds for what comes. */
  override down(): void {
    this.addSql('alter table booking_event drop constraint booking_event_price_change_says_all');
    this.addSql('alter table booking_event drop constraint booking_event_type_check');
    this.addSql(`alter table booking_event ${typesAre(BEFORE)} not valid`);
  }
}
