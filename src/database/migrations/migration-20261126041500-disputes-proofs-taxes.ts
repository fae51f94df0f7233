import { Migration } from '@mikro-orm/migrations';

/** How a dispute stands, when the provider last confirmed our books, and the tax that receipts name. */
export class Migration20261126041500 extends Migration {
  override up(): void {
    this.addSql(
      'alter table payment add dispute_state text, add compared_at timestamptz, add drifted_at timestamptz',
    );
    this.addSql(`update payment set dispute_state = 'open' where disputed_at is not null`);
    this.addSql(
      `alter table payment add constraint payment_dispute_state_check check (dispute_state in ('open', 'won', 'lost'))`,
    );
    this.addSql(
      'alter table payment add constraint payment_dispute_has_its_time check ((dispute_state is null) = (disputed_at is null))',
    );
    this.addSql(
      `alter table business add tax_name varchar(20) not null default 'Tax', add tax_milli_percent int not null default 0`,
    );
    this.addSql(
      'alter table business add constraint business_tax_is_a_share check (tax_milli_percent between 0 and 100000)',
    );
    this.addSql(
      `create index payment_compared on payment (compared_at nulls first) where state = 'succeeded' and provider = 'stripe'`,
    );
  }

  override down(): void {
    this.addSql('alter table business drop constraint business_tax_is_a_share');
    this.addSql('alter table business drop tax_name, drop tax_milli_percent');
    this.addSql('drop index payment_compared');
    this.addSql('alter table payment drop constraint payment_dispute_has_its_time');
    this.addSql('alter table payment drop dispute_state, drop compared_at, drop drifted_at');
  }
}
