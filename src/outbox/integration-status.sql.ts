import { statement } from '../database/statement.js';

/** $1 name. */
export const STATUS_SUCCESS = statement(
  'integration-success',
  `insert into integration_status (name, last_success_at) values ($1, now())
   on conflict (name) do update set last_success_at = now(), failure_streak = 0, breaker = 'closed'
     where integration_status.last_success_at is null or integration_status.last_success_at < now() - interval '2 seconds'
        or integration_status.failure_streak > 0 or integration_status.breaker <> 'closed'`,
);

/** $1 name, $2 error in words, $3 breaker. */
export const STATUS_FAILURE = statement(
  'integration-failure',
  `insert into integration_status (name, last_error_at, last_error, failure_streak, breaker) values ($1, now(), $2, 1, $3)
   on conflict (name) do update set last_error_at = now(), last_error = $2, failure_streak = integration_status.failure_streak + 1, breaker = $3`,
);
