import { Migration } from '@mikro-orm/migrations';

/** How a dispute stands, and when the provider last confirmed our books. */
export class Migration20261126041500 extends Migration {
  override up(): void {
    this.addSql(
      'alter table payment add dispute_state text, add proved_at timestamptz, add drifted_at timestamptz',
    );
    this.addSql(`update payment set dispute_state = 'open' where disputed_at is not null`);
    this.addSql(
      `alter table payment add constraint payment_dispute_state_check check (dispute_state in ('open', 'won', 'lost'))`,
    );
    this.addSql(
      'alter table payment add constraint payment_dispute_has_its_time check ((dispute_state is null) = (disputed_at is null))',
    );
    this.addSql(
      `create index payment_unproved on payment (proved_at nulls first) where state = 'succeeded' and provider = 'stripe'`,
    );
  }

  override down(): void {
    this.addSql('drop index payment_unproved');
    this.addSql('alter table payment drop constraint payment_dispute_has_its_time');
    this.addSql('alter table payment drop dispute_state, drop proved_at, drop drifted_at');
  }
}
