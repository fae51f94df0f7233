import { Migration } from '@mikro-orm/migrations';

/** App time, the audit log and the rule that append-only tables stay so: what MikroORM's metadata cannot say. */
export class Migration20261123000001 extends Migration {
  override up(): void {
    this.addSql('create extension if not exists btree_gist');

    this.addSql(
      'create table app_clock (id boolean primary key default true check (id), offset_ms bigint not null default 0)',
    );
    this.addSql('insert into app_clock default values');
    this.addSql('revoke insert, delete on app_clock from lawrei_app');
    this.addSql(`create function app_clock_offset_ms() returns bigint stable language sql
      as $$ select offset_ms from app_clock $$`);
    this.addSql(`create function app_now() returns timestamptz stable language sql
      as $$ select now() + make_interval(secs => app_clock_offset_ms() / 1000.0) $$`);

    this.addSql(`create function refuse_change() returns trigger language plpgsql
      as $$ begin raise exception '% is append-only', tg_table_name using errcode = '42501'; end $$`);

    this.addSql(`create table audit_log (
      id uuid not null, at timestamptz not null default now(), actor_kind text not null, actor_id uuid,
      action text not null, subject_kind text, subject_id uuid, request_id text, details jsonb not null default '{}',
      primary key (id, at)) partition by range (at)`);
    this.addSql('create index audit_log_subject on audit_log (subject_id, at desc)');
    this.addSql('create index audit_log_at on audit_log (at desc, id)');
    this.addSql('create table audit_log_rest partition of audit_log default');
    this.addSql('revoke update, delete, truncate on audit_log, audit_log_rest from lawrei_app');
    this.addSql(`create trigger audit_log_append_only before update or delete on audit_log
      for each row execute function refuse_change()`);
    this.addSql(`create function audit_log_ensure_month(month date) returns void security definer
      set search_path = public language plpgsql as $$
      declare first date := date_trunc('month', month); name text := 'audit_log_' || to_char(first, 'YYYYMM');
      begin
        if to_regclass(name) is null then
          execute format('create table %I partition of audit_log for values from (%L) to (%L)', name, first, first + interval '1 month');
          execute format('revoke update, delete, truncate on %I from lawrei_app', name);
        end if;
      end $$`);
  }

  override down(): void {
    this.addSql('drop function audit_log_ensure_month(date)');
    this.addSql('drop table audit_log');
    this.addSql('drop function refuse_change()');
    this.addSql('drop function app_now()');
    this.addSql('drop function app_clock_offset_ms()');
    this.addSql('drop table app_clock');
    this.addSql('drop extension btree_gist');
  }
}
