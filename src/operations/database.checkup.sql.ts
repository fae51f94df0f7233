import { statement } from '../database/statement.js';

/** What a checkup asks the database about itself. */
export const DATABASE_FACTS = statement(
  'database-facts',
  `select current_setting('server_version_num')::int as version_num, current_setting('server_version') as version,
          (extract(epoch from clock_timestamp()) * 1000)::float8 as real_ms, app_clock_offset_ms()::float8 as offset_ms,
          (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as is_mighty,
          exists (select from account where role = 'owner' and disabled_at is null) as has_owner`,
);
