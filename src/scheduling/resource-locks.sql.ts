import { statement } from '../database/statement.js';

/** `unnest` keeps the order of the list, so locks are taken in the order the caller sorted. */
export const RESOURCES_LOCK_SHARED = statement(
  'resources-lock-shared',
  'select pg_advisory_xact_lock_shared(hashtextextended(id, 0)) from unnest($1::text[]) as id',
);

export const RESOURCES_LOCK_EXCLUSIVE = statement(
  'resources-lock-exclusive',
  'select pg_advisory_xact_lock(hashtextextended(id, 0)) from unnest($1::text[]) as id',
);
