import { statement } from '../database/statement.js';

/** Whether this process may do the upkeep now; another one that has begun keeps the turn until its transaction ends. */
export const UPKEEP_TURN = statement('upkeep-turn', 'select pg_try_advisory_xact_lock(715518) as mine');
