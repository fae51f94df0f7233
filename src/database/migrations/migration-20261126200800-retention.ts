import { Migration } from '@mikro-orm/migrations';

/** How many months each kind of data is kept, to begin with. */
const DEFAULTS = [
  ['identity', 24],
  ['notes', 12],
  ['messages', 12],
  ['bookings', 36],
  ['payments', 120],
  ['consents', 60],
  ['audit', 24],
] as const;

const CLASSES = DEFAULTS.map(([name]) => `'${name}'`).join(', ');

/** How long data is kept, the nights on which it was looked through, and the few ways to cut append-only rows whose time is over. */
export class Migration20261126200800 extends Migration {
  override up(): void {
    this.addSql(
      'create table "retention_rule" ("data_class" text not null, "months" int not null, primary key ("data_class"))',
    );
    this.addSql(
      `alter table "retention_rule" add constraint "retention_rule_data_class_check" check ("data_class" in (${CLASSES}))`,
    );
    this.addSql(
      'alter table "retention_rule" add constraint "retention_rule_months_bounded" check (months between 1 and 240)',
    );
    this.addSql(
      `alter table "retention_rule" add constraint "retention_rule_money_ten_years" check (data_class <> 'payments' or months >= 120)`,
    );
    for (const [name, months] of DEFAULTS)
      this.addSql(`insert into retention_rule (data_class, months) values ('${name}', ${months})`);
    // Without a rule nothing would ever end; so rules are changed and never taken away.
    this.addSql('revoke insert, delete, truncate on retention_rule from lawrei_app');

    this.addSql(
      'create table "retention_night" ("day" date not null, "started_at" timestamptz not null, "ended_at" timestamptz null, "cut" jsonb null, primary key ("day"))',
    );
    this.addSql(
      'alter table "retention_night" add constraint "retention_night_end_tells_what" check ((ended_at is null) = (cut is null))',
    );

    // What was cut already is not looked at again every night.
    this.addSql(`create index message_legible on message (created_at) where to_address <> 'erased'`);

    // An UPDATE or DELETE of an append-only table needs a grant that the app does not have; these functions have it.
    this.addSql(`create or replace function refuse_change() returns trigger language plpgsql
      as $$ begin
        if tg_op = 'UPDATE' and current_setting('app.subject_moves', true) = 'yes' then return new; end if;
        if tg_op = 'DELETE' and current_setting('app.retention_ends', true) = 'yes' then return old; end if;
        raise exception '% is append-only', tg_table_name using errcode = '42501';
      end $$`);
    this.addSql(`create function retention_months(kind text) returns interval stable
      set search_path = public language sql as $$ select make_interval(months => months) from retention_rule where data_class = kind $$`);
    this.addSql(`create function nobody_id() returns uuid immutable
      set search_path = public language sql as $$ select '00000000-0000-7000-8000-000000000000'::uuid $$`);
    this.addSql(`create function nobody() returns uuid set search_path = public language plpgsql as $$
      begin
        insert into customer (id, name, erased_at) values (nobody_id(), 'Erased', app_now()) on conflict do nothing;
        return nobody_id();
      end $$`);
    this.addSql(`create function cut_old_booking_links(most int) returns int security definer
      set search_path = public language plpgsql as $$
      declare whose uuid; past uuid[];
      begin
        past := array(select b.id from booking b
          where b.customer_id <> nobody_id() and b.ends_at < app_now() - retention_months('bookings')
            and not exists (select from customer c where c.id = b.customer_id and c.legal_hold is not null)
          order by b.ends_at limit most for update skip locked);
        if cardinality(past) = 0 then return 0; end if;
        whose := nobody();
        update booking set customer_id = whose, notes = null, cancel_reason = null, version = version + 1 where id = any(past);
        delete from manage_link where booking_id = any(past);
        update message_attempt set customer_id = null where message_id in (select id from message where booking_id = any(past));
        update message set customer_id = null where booking_id = any(past);
        perform set_config('app.subject_moves', 'yes', true);
        update booking_event set customer_id = whose,
          actor_id = case when actor_kind = 'customer' then null else actor_id end,
          before = case when before ? 'reason' then jsonb_set(before, '{reason}', '"erased"') else before end,
          after = case when after ? 'reason' then jsonb_set(after, '{reason}', '"erased"') else after end
          where booking_id = any(past);
        perform set_config('app.subject_moves', '', true);
        return cardinality(past);
      end $$`);
    this.addSql(`create function drop_old_consents(most int) returns int security definer
      set search_path = public language plpgsql as $$
      declare dropped int;
      begin
        perform set_config('app.retention_ends', 'yes', true);
        delete from consent where id in (select d.id from consent d join customer c on c.id = d.customer_id
          where d.at < app_now() - retention_months('consents') and c.legal_hold is null
            and (c.erased_at < app_now() - retention_months('consents')
                 or exists (select from consent n where n.customer_id = d.customer_id and n.purpose = d.purpose and (n.at, n.id) > (d.at, d.id)))
          order by d.at limit most);
        get diagnostics dropped = row_count;
        perform set_config('app.retention_ends', '', true);
        return dropped;
      end $$`);
    // The audit log is written in real time, whatever the sandbox's clock says.
    this.addSql(`create function audit_log_old_months(months int) returns table (name text) stable
      set search_path = public language sql as $$
      select p.relname::text from pg_inherits i join pg_class p on p.oid = i.inhrelid
       where i.inhparent = 'audit_log'::regclass and p.relname ~ '^audit_log_[0-9]{6}$'
         and to_date(right(p.relname, 6), 'YYYYMM') + interval '1 month' <= now() - make_interval(months => months) $$`);
    this.addSql(`create function audit_log_drop_old_months() returns int security definer
      set search_path = public language plpgsql as $$
      declare old text; dropped int := 0;
      begin
        for old in select m.name from retention_rule r, audit_log_old_months(r.months) m where r.data_class = 'audit' loop
          execute format('drop table %I', old);
          dropped := dropped + 1;
        end loop;
        return dropped;
      end $$`);
    for (const signature of FUNCTIONS) {
      this.addSql(`revoke execute on function ${signature} from public`);
      this.addSql(`grant execute on function ${signature} to lawrei_app`);
    }
  }

  override down(): void {
    for (const signature of FUNCTIONS) this.addSql(`drop function ${signature}`);
    this.addSql('drop function audit_log_old_months(int)');
    this.addSql('drop function nobody()');
    this.addSql('drop function nobody_id()');
    this.addSql('drop function retention_months(text)');
    this.addSql(`create or replace function refuse_change() returns trigger language plpgsql
      as $$ begin
        if tg_op = 'UPDATE' and current_setting('app.subject_moves', true) = 'yes' then return new; end if;
        raise exception '% is append-only', tg_table_name using errcode = '42501';
      end $$`);
    this.addSql('drop index message_legible');
    this.addSql('drop table retention_night');
    this.addSql('drop table retention_rule');
  }
}

/** The ones that may do what the app may not. */
const FUNCTIONS = ['cut_old_booking_links(int)', 'drop_old_consents(int)', 'audit_log_drop_old_months()'];
