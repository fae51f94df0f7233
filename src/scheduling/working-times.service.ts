import { Injectable } from '@nestjs/common';
import { addDays, eachDate, type LocalDate } from '../common/time/local-date.js';
import { localDateOfMinute, type MinuteRange } from '../common/time/zoned-time.js';
import { SalonCache } from './salon-cache.service.js';
import { hoursOf } from './salon.js';
import { intersections } from './slots/ranges.js';
import { windowsOf } from './slots/windows.js';

/** Time in which somebody works, in epoch minutes; it counts for the local day it begins on. */
export interface WorkingWindow extends MinuteRange {
  readonly date: LocalDate;
}

/** Who works when by the hours as they stand now, as the search for slots sees it before it looks at what is taken. */
@Injectable()
export class WorkingTimes {
  constructor(private readonly cache: SalonCache) {}

  /** Of everybody who is active, by id, on local days from `from` to `to`, of a catalogue at least as new as `revision`. */
  async ofStaff(
    from: LocalDate,
    to: LocalDate,
    revision: number,
  ): Promise<ReadonlyMap<string, readonly WorkingWindow[]>> {
    const salon = await this.cache.get(revision);
    const zone = salon.business.timeZone;
    // A window may pass midnight, so the day before may reach into the first one.
    const dates = eachDate(addDays(from, -1), to);
    const opened = inOrder(dates.flatMap((date) => windowsOf(date, salon.businessHours, zone)));
    return new Map(
      [...salon.staffNames.keys()].map((id) => {
        const hours = hoursOf(salon, id);
        const own = inOrder(dates.flatMap((date) => windowsOf(date, hours, zone, salon.businessHours)));
        const worked = intersections(opened, own).map((window) => ({
          ...window,
          date: localDateOfMinute(window.start, zone),
        }));
        return [id, worked.filter(({ date }) => date >= from)];
      }),
    );
  }

  /** When the salon is open, on local days from `from` to `to`. */
  async ofSalon(from: LocalDate, to: LocalDate, revision: number): Promise<readonly MinuteRange[]> {
    const salon = await this.cache.get(revision);
    const dates = eachDate(addDays(from, -1), to);
    return dates.flatMap((date) => windowsOf(date, salon.businessHours, salon.business.timeZone));
  }
}

function inOrder(windows: readonly MinuteRange[]): MinuteRange[] {
  return windows.toSorted((a, b) => a.start - b.start);
}
