import { statement } from '../database/statement.js';

/** `unnest` keeps the order of the list, so locks are taken in the order the caller sorted. */
export const CREATION_LOCK = statement(
  'creation-lock',
  `select (select count(pg_advisory_xact_lock(hashtextextended(contact, 1))) from unnest($1::text[]) as contact) as contacts,
          (select count(pg_advisory_xact_lock_shared(hashtextextended(id, 0))) from unnest($2::text[]) as id) as resources`,
);

export const RESOURCES_LOCK_EXCLUSIVE = statement(
  'resources-lock-exclusive',
  'select pg_advisory_xact_lock(hashtextextended(id, 0)) from unnest($1::text[]) as id',
);
