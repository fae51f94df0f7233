import { statement } from './statement.js';

/** App time becomes $1. */
export const CLOCK_SET = statement(
  'app-clock-set',
  `update app_clock set offset_ms = (extract(epoch from $1::timestamptz - now()) * 1000)::bigint`,
);

/** App time goes on by $1 minutes. */
export const CLOCK_ADVANCE = statement(
  'app-clock-advance',
  'update app_clock set offset_ms = offset_ms + $1::bigint * 60000',
);

/** App time is real time again. */
export const CLOCK_RESET = statement(
  'app-clock-reset',
  'update app_clock set offset_ms = 0 where offset_ms <> 0',
);
