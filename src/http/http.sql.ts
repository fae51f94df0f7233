import { statement } from '../database/statement.js';

/** $1 scope and key. Answers at once: a second insert of the key would wait for the first request instead. */
export const IDEMPOTENCY_LOCK = statement(
  'idempotency-lock',
  `select pg_try_advisory_xact_lock(hashtextextended($1, 7)) as got`,
);

/** $1 scope, $2 key. A statement of its own after the lock, so that it sees what the lock's last holder committed. */
export const IDEMPOTENCY_FIND = statement(
  'idempotency-find',
  `select request_hash, status, body from idempotency_key
    where scope = $1 and key = $2 and created_at > now() - interval '48 hours'`,
);

/** $1 scope, $2 key, $3 request hash, $4 status, $5 sealed body. A key past its 48 hours begins anew. */
export const IDEMPOTENCY_KEEP = statement(
  'idempotency-keep',
  `insert into idempotency_key (scope, key, request_hash, status, body) values ($1, $2, $3, $4, $5)
   on conflict (scope, key) do update set request_hash = excluded.request_hash, status = excluded.status,
     body = excluded.body, created_at = now()`,
);

export const IDEMPOTENCY_PRUNE = statement(
  'idempotency-prune',
  `delete from idempotency_key where created_at <= now() - interval '48 hours'`,
);
