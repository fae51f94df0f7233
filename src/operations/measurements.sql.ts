import { statement } from '../database/statement.js';

/** Seconds of real time since each piece of regular work last succeeded, and how often it should. */
export const JOB_AGES = statement(
  'job-ages',
  `select name, every_seconds, extract(epoch from now() - last_success_at)::float8 as age_seconds from recurring_run`,
);

/** What each proof of the sentinel found, and how old it is. */
export const INVARIANT_AGES = statement(
  'invariant-ages',
  `select name, broken, extract(epoch from now() - checked_at)::float8 as age_seconds from invariant_check`,
);

/** How often in a row each provider failed, as the workers saw it. */
export const FAILURE_STREAKS = statement(
  'failure-streaks',
  'select name, failure_streak from integration_status',
);

/** What waits for a person. */
export const OPEN_TASKS = statement(
  'open-tasks',
  `select (select count(*)::int from payment_task where state = 'open') as payments,
          (select count(*)::int from calendar_conflict where resolution is null) as conflicts,
          (select count(*)::int from calendar_connection where state = 'broken') as connections,
          (select count(*)::int from message where flagged_at is not null) as messages`,
);
