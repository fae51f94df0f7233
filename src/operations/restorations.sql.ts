import { statement } from '../database/statement.js';

/** Recurring work is done every few seconds for as long as somebody works. */
export const LAST_SIGN_OF_LIFE = statement(
  'last-sign-of-life',
  'select (extract(epoch from max(last_run_at)) * 1000)::float8 as ms from recurring_run',
);
