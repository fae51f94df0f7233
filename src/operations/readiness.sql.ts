import { statement } from '../database/statement.js';

/** How many of the migrations named in $1 were applied. Newer ones of a later release do no harm and do not count. */
export const APPLIED_MIGRATIONS = statement(
  'applied-migrations',
  'select count(distinct name)::int as applied from schema_migration where name = any($1)',
);
