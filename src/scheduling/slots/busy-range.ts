import { dayMinutes, localDateOfMinute, type MinuteRange } from '../../common/time/zoned-time.js';
import type { SlotRules, SlotSearch, SlotService } from './slots.types.js';

/**
 * The epoch minutes for which busy time has to be read before `findSlots`: whatever lies outside cannot touch a slot of these
 * dates. `longestDuration` is the longest of the service's and the candidates' own durations.
 */
export function busyRangeOfDates(
  { from, to, displayZone, service }: Pick<SlotSearch, 'from' | 'to' | 'displayZone' | 'service'>,
  longestDuration: number,
): MinuteRange {
  return around(
    dayMinutes(from, displayZone).start,
    dayMinutes(to, displayZone).end,
    service,
    longestDuration,
  );
}

/** The same before `checkStart`: the visit with its buffers, and the whole local day, whose booked minutes decide who goes first. */
export function busyRangeOfStart(
  { zone, service }: Pick<SlotRules, 'zone' | 'service'>,
  start: number,
  longestDuration: number,
): MinuteRange {
  const day = dayMinutes(localDateOfMinute(start, zone), zone);
  return around(day.start, day.end, service, longestDuration);
}

function around(start: number, end: number, service: SlotService, longestDuration: number): MinuteRange {
  return {
    start: start - service.bufferBeforeMinutes,
    end: end + longestDuration + service.bufferAfterMinutes,
  };
}
