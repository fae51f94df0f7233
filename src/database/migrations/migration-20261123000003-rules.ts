import { Migration } from '@mikro-orm/migrations';

/** Append-only tables: nobody but an erasure may touch a row once it is written. */
const APPEND_ONLY = ['booking_event', 'consent'];

/** Tables whose change alters what can be booked: any write to one moves `business.catalog_revision`. */
const CATALOG = ['resource', 'service', 'service_resource', 'weekly_hours', 'hours_exception'];

/** Foreign keys between modules that may not import each other (column, table it points to). */
const REFERENCES = [
  ['allocation', 'booking_id', 'booking'],
  ['account', 'resource_id', 'resource'],
  ['session', 'booking_id', 'booking'],
  ['manage_link', 'booking_id', 'booking'],
] as const;

/** A message points to another of its own table. */
const MESSAGE_TO_MESSAGE = ['after_id', 'instead_of_id'];

/** Rules that need triggers or keys MikroORM's metadata cannot say. */
export class Migration20261123000003 extends Migration {
  override up(): void {
    for (const table of APPEND_ONLY) {
      this.addSql(
        `create trigger ${table}_append_only before update or delete on ${table} for each row execute function refuse_change()`,
      );
      this.addSql(`revoke update, delete, truncate on ${table} from lawrei_app`);
    }
    for (const [table, column, target] of REFERENCES) {
      this.addSql(
        `alter table ${table} add constraint ${table}_${target}_exists foreign key (${column}) references ${target} (id)`,
      );
    }
    for (const column of MESSAGE_TO_MESSAGE) {
      this.addSql(
        `alter table message add constraint message_${column}_exists foreign key (${column}) references message (id)`,
      );
    }
    this.addSql(
      'alter table service add constraint service_currency_of_business_exists foreign key (currency) references business (currency)',
    );
    this.addSql(`create function move_catalog_revision() returns trigger language plpgsql
      as $$ begin update business set catalog_revision = catalog_revision + 1; return null; end $$`);
    this.addSql(`create function count_catalog_revision() returns trigger language plpgsql
      as $$ begin new.catalog_revision := old.catalog_revision + 1; return new; end $$`);
    for (const table of CATALOG) {
      this.addSql(`create trigger ${table}_moves_catalog after insert or update or delete on ${table}
        for each statement execute function move_catalog_revision()`);
    }
    this.addSql(
      'create trigger business_counts_catalog before update on business for each row execute function count_catalog_revision()',
    );
  }

  override down(): void {
    this.addSql('drop trigger business_counts_catalog on business');
    for (const table of CATALOG) this.addSql(`drop trigger ${table}_moves_catalog on ${table}`);
    this.addSql('drop function count_catalog_revision()');
    this.addSql('drop function move_catalog_revision()');
    this.addSql('alter table service drop constraint service_currency_of_business_exists');
    for (const column of MESSAGE_TO_MESSAGE)
      this.addSql(`alter table message drop constraint message_${column}_exists`);
    for (const [table, , target] of REFERENCES)
      this.addSql(`alter table ${table} drop constraint ${table}_${target}_exists`);
    for (const table of APPEND_ONLY) {
      this.addSql(`drop trigger ${table}_append_only on ${table}`);
      this.addSql(`grant update, delete on ${table} to lawrei_app`);
    }
  }
}
