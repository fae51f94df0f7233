import { statement } from '../database/statement.js';

/** $1 customer. */
export const SESSION_EXPORT = statement(
  'session-export',
  'select to_jsonb(s) as row from session s where customer_id = $1 order by created_at, id',
);

/** $1 customer. */
export const LINK_EXPORT = statement(
  'link-export',
  `select to_jsonb(l) - 'token_hash' as row from manage_link l where customer_id = $1 order by created_at, id`,
);

/** $1 customer. Their sessions, and with them refresh tokens and the codes asked for in them. */
export const SESSION_ERASE = statement(
  'session-erase',
  'delete from session where customer_id = $1 returning id',
);

/** $1 customer. Guests' sessions end with their links. */
export const LINK_ERASE = statement(
  'link-erase',
  'delete from manage_link where customer_id = $1 returning id',
);

/** $1 customer. Codes that were sent to a contact of theirs, before they were forgotten. */
export const CODE_ERASE = statement(
  'code-erase',
  `delete from one_time_code where contact in (
     select unnest(array[phone, email]) from customer where id = $1 or merged_into_id = $1) or replaces in (
     select unnest(array[phone, email]) from customer where id = $1 or merged_into_id = $1) returning id`,
);
