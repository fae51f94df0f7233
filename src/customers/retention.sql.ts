import { statement } from '../database/statement.js';

/** $1 months. Decisions that a newer one has replaced, or of somebody forgotten as long ago; and STOPs that were taken back. */
export const CONSENT_PAST_COUNT = statement(
  'consent-past-count',
  `select ((select count(*) from consent d join customer c on c.id = d.customer_id
             where d.at < app_now() - make_interval(months => $1) and c.legal_hold is null
               and (c.erased_at < app_now() - make_interval(months => $1)
                    or exists (select from consent n where n.customer_id = d.customer_id and n.purpose = d.purpose and (n.at, n.id) > (d.at, d.id))))
         + (select count(*) from opt_out where lifted_at < app_now() - make_interval(months => $1)))::int as rows`,
);

/** $1 most. The ledger is append-only, so a function of the owner's does it, by the rule in the database. */
export const CONSENT_PAST_DROP = statement('consent-past-drop', 'select drop_old_consents($1) as rows');

/** $1 months, $2 most. A STOP in force never ends by itself: texts would begin again. */
export const OPT_OUT_PAST_DROP = statement(
  'opt-out-past-drop',
  `delete from opt_out where id in (select id from opt_out where lifted_at < app_now() - make_interval(months => $1) limit $2) returning id`,
);
