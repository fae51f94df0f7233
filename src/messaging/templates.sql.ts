import { statement } from '../database/statement.js';

/** What is in force under each of the keys. $1 keys. */
export const TEMPLATES_IN_FORCE = statement(
  'templates-in-force',
  `select distinct on (key) key, number, subject, body from message_template_version
    where key = any($1::text[]) order by key, number desc`,
);

/** $1 key. The number of the next version. */
export const TEMPLATE_NEXT_NUMBER = statement(
  'template-next-number',
  'select coalesce(max(number), 1) + 1 as number from message_template_version where key = $1',
);
