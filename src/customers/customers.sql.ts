import { statement } from '../database/statement.js';

/** The newest word on each purpose; two decisions of the same instant go by the order of their ids. */
export const CONSENT_LATEST = statement(
  'consent-latest',
  `select distinct on (purpose) purpose, granted from consent
    where customer_id = $1 order by purpose, at desc, id desc`,
);

/** A new STOP ends whatever START came before it; the first of several stays as it was. */
export const OPT_OUT_ADD = statement(
  'opt-out-add',
  `insert into opt_out (id, channel, contact_hash, source, opted_out_at) values ($1, $2, $3, $4, app_now())
   on conflict on constraint opt_out_contact_unique
   do update set source = excluded.source, opted_out_at = excluded.opted_out_at, lifted_at = null where opt_out.lifted_at is not null
   returning id`,
);

export const OPT_OUT_LIFT = statement(
  'opt-out-lift',
  `update opt_out set lifted_at = app_now() where channel = $1 and contact_hash = $2 and lifted_at is null returning id`,
);

export const OPT_OUT_FIND = statement(
  'opt-out-find',
  'select 1 from opt_out where channel = $1 and contact_hash = $2 and lifted_at is null',
);
