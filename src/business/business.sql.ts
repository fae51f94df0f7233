import { statement } from '../database/statement.js';

/** Two processes booting at once insert one row between them, whichever of its unique keys the second meets first. */
export const BUSINESS_SEED = statement(
  'business-seed',
  `insert into business (id, name, address, time_zone, currency) values ($1, $2, $3, $4, $5)
   on conflict do nothing`,
);

/** $1 a hash under the key of this process, which is remembered where none is. Whether it is the one that is remembered. */
export const BUSINESS_KEY_CHECK = statement(
  'business-key-check',
  `with adopted as (update business set key_check = $1 where key_check is null returning key_check)
   select coalesce((select key_check from adopted), key_check) = $1 as same from business`,
);

/** The next start remembers its own key. */
export const BUSINESS_KEY_FORGET = statement(
  'business-key-forget',
  'update business set key_check = null where key_check is not null returning id',
);

/** Weak enough not to stop inserts of services, whose currency refers to this row. */
export const BUSINESS_LOCK = statement('business-lock', 'select 1 from business for no key update');

/** $1 up to when the backup knew what happened. */
export const BUSINESS_RESTORED = statement(
  'business-restored',
  'update business set restored_at = app_now(), backed_up_at = $1, version = version + 1',
);

export const BUSINESS_CLAIM_HOURS_SEED = statement(
  'business-claim-hours-seed',
  'update business set hours_seeded_at = now() where hours_seeded_at is null returning id',
);
