import { statement } from '../database/statement.js';

/** $1 customer. Locked, as everybody locks first who books for them. */
export const PERSON_LOCK = statement(
  'person-lock',
  'select id, erased_at is not null as erased from customer where id = $1 and merged_into_id is null for no key update',
);

/** $1 id, $2 customer. For whoever restores an older state: who must not come back. */
export const LEDGER_ADD = statement(
  'ledger-add',
  'insert into erasure_ledger (id, customer_id, erased_at) values ($1, $2, app_now())',
);

/** $1 customer, $2 reason or null. */
export const HOLD_SET = statement(
  'hold-set',
  'update customer set legal_hold = $2, version = version + 1 where id = $1 and merged_into_id is null and erased_at is null returning id',
);
