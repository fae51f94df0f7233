import { Migration } from '@mikro-orm/migrations';

const ACTOR = `current_setting('app.actor_kind', true) in ('staff', 'system')`;
const CUSTOMER = `nullif(current_setting('app.customer_id', true), '')::uuid`;
const BOOKING = `nullif(current_setting('app.booking_id', true), '')::uuid`;

/** Each table with the column that says whose row it is, and the one that says of which booking. */
const TABLES: readonly (readonly [string, string, string?])[] = [
  ['customer', 'id'],
  ['consent', 'customer_id'],
  ['erasure_request', 'customer_id'],
  ['message_attempt', 'customer_id'],
  ['manage_link', 'customer_id', 'booking_id'],
  ['booking', 'customer_id', 'id'],
  ['booking_event', 'customer_id', 'booking_id'],
  ['payment', 'customer_id', 'booking_id'],
  ['refund', 'customer_id', 'booking_id'],
  ['receipt', 'customer_id', 'booking_id'],
  ['message', 'customer_id', 'booking_id'],
];

/** Row-level security asks who acts once for each statement instead of once for each row. */
export class Migration20261129184428 extends Migration {
  override up(): void {
    this.alter(`(select ${ACTOR})`, `(select ${CUSTOMER} as id)`, `(select ${BOOKING} as id)`);
  }

  override down(): void {
    this.alter(ACTOR, CUSTOMER, BOOKING);
  }

  private alter(isSalon: string, customer: string, booking: string): void {
    for (const [table, whose, which] of TABLES) {
      const guest = which === undefined ? '' : ` or ${which} = ${booking}`;
      const rule = `${isSalon} or ${whose} = ${customer}${guest}`;
      this.addSql(`alter policy "${table}_own_rows" on "${table}" using (${rule}) with check (${rule})`);
    }
  }
}
