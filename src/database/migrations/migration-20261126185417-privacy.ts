import { Migration } from '@mikro-orm/migrations';

/** Wishes to be forgotten, what the law wants kept meanwhile, and the one way to cut words from an append-only history. */
export class Migration20261126185417 extends Migration {
  override up(): void {
    this.addSql(
      `create table "erasure_request" ("id" uuid not null, "customer_id" uuid not null, "asked_by" uuid null, "state" text not null default 'asked', "asked_at" timestamptz(3) not null, "due_at" timestamptz not null, "ended_at" timestamptz null, "blockers" jsonb not null default '[]', "certificate" jsonb null, primary key ("id"))`,
    );
    this.addSql('create index "erasure_request_list" on "erasure_request" ("asked_at", "id")');
    this.addSql('create index "erasure_request_customer" on "erasure_request" ("customer_id", "asked_at")');
    this.addSql(
      `create unique index erasure_request_one_open on erasure_request (customer_id) where state = 'asked'`,
    );
    this.addSql('alter table "customer" add "legal_hold" varchar(500) null');
    this.addSql(
      'alter table customer add constraint customer_held_is_not_erased check (legal_hold is null or erased_at is null)',
    );
    this.addSql(
      `alter table customer add constraint customer_erased_is_nobody check (erased_at is null or (name = 'Erased' and num_nonnulls(phone, email, birthday, notes, notes_to_salon, time_zone) = 0))`,
    );
    this.addSql(
      'alter table "erasure_request" add constraint "erasure_request_cools_off" check (due_at > asked_at)',
    );
    this.addSql(
      `alter table "erasure_request" add constraint "erasure_request_end_has_its_time" check ((state = 'asked') = (ended_at is null))`,
    );
    this.addSql(
      `alter table "erasure_request" add constraint "erasure_request_done_has_a_certificate" check ((state = 'done') = (certificate is not null))`,
    );
    this.addSql(
      `alter table "erasure_request" add constraint "erasure_request_state_check" check ("state" in ('asked', 'withdrawn', 'blocked', 'done'))`,
    );
    this.addSql('alter table "erasure_request" enable row level security');
    this.addSql('alter table "erasure_request" force row level security');
    this.addSql(
      `create policy "erasure_request_own_rows" on "erasure_request" using (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid) with check (current_setting('app.actor_kind', true) in ('staff', 'system') or customer_id = nullif(current_setting('app.customer_id', true), '')::uuid)`,
    );
    this.addSql(
      'alter table erasure_request add constraint erasure_request_customer_exists foreign key (customer_id) references customer (id)',
    );
    this.addSql(
      'create table erasure_ledger (id uuid primary key, customer_id uuid not null, erased_at timestamptz not null, constraint erasure_ledger_once unique (customer_id))',
    );
    this.addSql(`create trigger erasure_ledger_append_only before update or delete on erasure_ledger
      for each row execute function refuse_change()`);
    this.addSql('revoke update, delete, truncate on erasure_ledger from lawrei_app');
    this.addSql(`create function erase_booking_reasons(subject uuid) returns int security definer
      set search_path = public language plpgsql as $$
      declare touched int;
      begin
        perform set_config('app.subject_moves', 'yes', true);
        update booking_event set
          before = case when before ? 'reason' then jsonb_set(before, '{reason}', '"erased"') else before end,
          after = case when after ? 'reason' then jsonb_set(after, '{reason}', '"erased"') else after end
          where customer_id = subject and (coalesce(before ->> 'reason', 'erased') <> 'erased' or coalesce(after ->> 'reason', 'erased') <> 'erased');
        get diagnostics touched = row_count;
        perform set_config('app.subject_moves', '', true);
        return touched;
      end $$`);
    this.addSql('revoke execute on function erase_booking_reasons(uuid) from public');
    this.addSql('grant execute on function erase_booking_reasons(uuid) to lawrei_app');
  }

  override down(): void {
    this.addSql('drop function erase_booking_reasons(uuid)');
    this.addSql('drop table erasure_ledger');
    this.addSql('drop table erasure_request');
    this.addSql(
      'alter table customer drop constraint customer_held_is_not_erased, drop constraint customer_erased_is_nobody',
    );
    this.addSql('alter table customer drop column legal_hold');
  }
}
