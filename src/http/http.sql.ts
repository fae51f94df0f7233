import { statement } from '../database/statement.js';

/**
 * Takes the key, or says at once that another request has it (a second insert of the key would wait instead), and reads
 * what is kept. The reading may miss what was kept while the lock was being had; `IDEMPOTENCY_KEEP` then finds out.
 * $1 scope, $2 key.
 */
export const IDEMPOTENCY_CLAIM = statement(
  'idempotency-claim',
  `select pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 7)) as got, k.request_hash, k.status, k.body
     from (values (1)) as one left join idempotency_key k
       on k.scope = $1 and k.key = $2 and k.created_at > now() - interval '48 hours'`,
);

/** $1 scope, $2 key, $3 request hash, $4 status, $5 sealed body. A key past its 48 hours begins anew; a younger one adds no row. */
export const IDEMPOTENCY_KEEP = statement(
  'idempotency-keep',
  `insert into idempotency_key as k (scope, key, request_hash, status, body) values ($1, $2, $3, $4, $5)
   on conflict (scope, key) do update set request_hash = excluded.request_hash, status = excluded.status,
     body = excluded.body, created_at = now() where k.created_at <= now() - interval '48 hours' returning 1`,
);

export const IDEMPOTENCY_PRUNE = statement(
  'idempotency-prune',
  `delete from idempotency_key where created_at <= now() - interval '48 hours'`,
);

/** $1 scope. */
export const IDEMPOTENCY_FORGET = statement(
  'idempotency-forget',
  'delete from idempotency_key where scope = $1 returning key',
);
