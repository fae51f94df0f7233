import { statement } from '../database/statement.js';

/** People who said STOP to texts in the range and have not taken it back. $1 since, $2 until. */
export const OPT_OUTS = statement(
  'opt-out-report',
  `select count(*)::int as "optOuts" from opt_out o
    where o.channel = 'sms' and o.lifted_at is null and o.opted_out_at >= $1::timestamptz and o.opted_out_at < $2::timestamptz`,
);
