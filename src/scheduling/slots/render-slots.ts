import { formatMinute } from '../../common/time/format.js';
import type { LocalDate } from '../../common/time/local-date.js';
import type { SlotDay } from './slots.types.js';

/** A slot as the API shows it: RFC 3339 with the display zone's offset. */
export interface RenderedSlot {
  readonly start: string;
  readonly end: string;
  readonly staffIds: readonly string[];
}

/** One local date of the answer of `GET /api/slots`. */
export interface RenderedSlotDay {
  readonly date: LocalDate;
  readonly slots: readonly RenderedSlot[];
}

/** Writes found slots for people; pass the `displayZone` of the search. */
export function renderSlotDays(days: readonly SlotDay[], displayZone: string): RenderedSlotDay[] {
  return days.map(({ date, slots }) => ({
    date,
    slots: slots.map(({ start, end, staffIds }) => ({
      start: formatMinute(start, displayZone),
      end: formatMinute(end, displayZone),
      staffIds,
    })),
  }));
}
