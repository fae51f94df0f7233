import { addDays } from '../../common/time/local-date.js';
import { dayMinutes, localDateOf } from '../../common/time/zoned-time.js';
import type { SlotRules } from './slots.types.js';

const MINUTE_MS = 60_000;

/** The first start allowed by the notice: exactly now + notice is allowed, a millisecond less is not. */
export function earliestStart({ now, noticeMinutes }: Pick<SlotRules, 'now' | 'noticeMinutes'>): number {
  return noticeMinutes === null ? -Infinity : Math.ceil(now.getTime() / MINUTE_MS + noticeMinutes);
}

/** The first start beyond the horizon: midnight in the salon's zone after the last allowed local date. */
export function horizonEnd({
  now,
  zone,
  horizonDays,
}: Pick<SlotRules, 'now' | 'zone' | 'horizonDays'>): number {
  return horizonDays === null ? Infinity : dayMinutes(addDays(localDateOf(now, zone), horizonDays), zone).end;
}
