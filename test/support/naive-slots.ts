import { Temporal } from 'temporal-polyfill/implementation';
import type {
  HoursInterval,
  Slot,
  SlotCandidate,
  SlotDay,
  SlotSearch,
  StartRefusal,
  WorkingHours,
} from '../../src/scheduling/slots/slots.types.js';

/** `[first minute, first minute after]` since 1970. */
type Stretch = readonly [number, number];

/** One person's calendar, a square for every minute. */
interface Person {
  readonly works: Paper;
  readonly grid: Paper;
  readonly busy: Paper;
  readonly length: number;
}

/**
 * The rules of slots as slowly and plainly as it can be written: hours, grid and busy time are painted on squared paper, one square a
 * minute, and every minute of the range is asked in turn. It shares no code with the engine, so that the two can only agree by
 * both being right.
 */
export class NaiveSalon {
  private readonly salon: Stretch[];
  private readonly opens: Paper;
  private readonly staff = new Map<string, Person>();

  constructor(private readonly search: SlotSearch) {
    this.salon = this.stretches(search.businessHours);
    this.opens = this.paint(this.salon);
    for (const candidate of search.candidates) this.staff.set(candidate.staffId, this.personOf(candidate));
  }

  days(): SlotDay[] {
    const { from, to, displayZone } = this.search;
    const byDate = new Map<string, Slot[]>();
    let date = Temporal.PlainDate.from(from);
    for (; Temporal.PlainDate.compare(date, to) <= 0; date = date.add({ days: 1 }))
      byDate.set(date.toString(), []);
    const end = midnight(date, displayZone);
    for (let minute = midnight(Temporal.PlainDate.from(from), displayZone); minute < end; minute += 1) {
      const slots = this.slotsAt(minute);
      if (slots.length > 0) byDate.get(intlDate(minute, displayZone))?.push(...slots);
    }
    return [...byDate].map(([on, slots]) => ({ date: on, slots }));
  }

  /** The first rule the start breaks for this person, null when it may be booked. */
  refusal(minute: number, staffId: string): StartRefusal | null {
    const { now, noticeMinutes, horizonDays, zone } = this.search;
    const person = this.staff.get(staffId);
    if (noticeMinutes !== null && minute * 60_000 - now.getTime() < noticeMinutes * 60_000)
      return 'min-notice';
    if (horizonDays !== null && daysAhead(now, minute, zone) > horizonDays) return 'max-horizon';
    if (!person || !this.worksThrough(minute, person)) return 'outside-business-hours';
    if (!person.grid.has(minute)) return 'off-grid';
    return this.isBlocked(minute, person) ? 'slot-unavailable' : null;
  }

  private slotsAt(minute: number): Slot[] {
    const byEnd = new Map<number, string[]>();
    for (const [staffId, person] of this.staff) {
      if (!person.grid.has(minute) || this.refusal(minute, staffId) !== null) continue;
      const end = minute + person.length;
      byEnd.set(end, [...(byEnd.get(end) ?? []), staffId].sort());
    }
    return [...byEnd].sort(([a], [b]) => a - b).map(([end, staffIds]) => ({ start: minute, end, staffIds }));
  }

  private worksThrough(minute: number, { works, length }: Person): boolean {
    const { bufferMayExceedHours, service } = this.search;
    const from = bufferMayExceedHours ? minute : minute - service.bufferBeforeMinutes;
    const to = minute + length + (bufferMayExceedHours ? 0 : service.bufferAfterMinutes);
    for (let m = from; m < to; m += 1) if (!this.opens.has(m) || !works.has(m)) return false;
    return true;
  }

  private isBlocked(minute: number, { busy, length }: Person): boolean {
    const { bufferBeforeMinutes, bufferAfterMinutes } = this.search.service;
    const until = minute + length + bufferAfterMinutes;
    for (let m = minute - bufferBeforeMinutes; m < until; m += 1) if (busy.has(m)) return true;
    return false;
  }

  private personOf({ hours, busy, durationMinutes }: SlotCandidate): Person {
    const works = this.stretches(hours);
    const blocks = Array.from({ length: busy.length / 2 }, (_, i): Stretch => [
      busy[2 * i] ?? 0,
      busy[2 * i + 1] ?? 0,
    ]);
    return {
      works: this.paint(works),
      grid: this.gridOf(works),
      busy: this.paint(blocks),
      length: durationMinutes ?? this.search.service.durationMinutes,
    };
  }

  private paint(stretches: readonly Stretch[]): Paper {
    const paper = new Paper(this.search.from);
    for (const [start, end] of stretches) for (let m = start; m < end; m += 1) paper.paint(m);
    return paper;
  }

  /** From the moment at which both are open, one start every step until either closes. */
  private gridOf(works: readonly Stretch[]): Paper {
    const paper = new Paper(this.search.from);
    for (const open of this.salon) {
      for (const work of works) {
        const closes = Math.min(open[1], work[1]);
        for (let m = Math.max(open[0], work[0]); m < closes; m += this.search.service.stepMinutes)
          paper.paint(m);
      }
    }
    return paper;
  }

  private stretches(hours: WorkingHours): Stretch[] {
    const all: Stretch[] = [];
    const last = Temporal.PlainDate.from(this.search.to).add({ days: 4 });
    let date = Temporal.PlainDate.from(this.search.from).subtract({ days: 4 });
    for (; Temporal.PlainDate.compare(date, last) <= 0; date = date.add({ days: 1 })) {
      for (const interval of this.intervals(date, hours)) all.push(stretch(date, interval, this.search.zone));
    }
    return all;
  }

  private intervals(date: Temporal.PlainDate, hours: WorkingHours): readonly HoursInterval[] {
    const special = hours.exceptions[date.toString()];
    if (special !== undefined) return special;
    if (hours.weekly !== null) return hours.weekly[date.dayOfWeek] ?? [];
    return hours === this.search.businessHours ? [] : this.intervals(date, this.search.businessHours);
  }
}

/** A fortnight of squares, the asked dates in the middle; what is painted beyond its edges is of no interest. */
class Paper {
  private readonly squares = new Uint8Array(14 * 1440);
  private readonly first: number;

  constructor(from: string) {
    this.first = midnight(Temporal.PlainDate.from(from).subtract({ days: 5 }), 'UTC');
  }

  paint(minute: number): void {
    this.squares[minute - this.first] = 1;
  }

  has(minute: number): boolean {
    return this.squares[minute - this.first] === 1;
  }
}

function stretch(date: Temporal.PlainDate, { from, to }: HoursInterval, zone: string): Stretch {
  const endsNextDay = to === '24:00' || to <= from;
  return [
    wallClock(date, from, zone),
    wallClock(endsNextDay ? date.add({ days: 1 }) : date, to === '24:00' ? '00:00' : to, zone),
  ];
}

function wallClock(date: Temporal.PlainDate, time: string, zone: string): number {
  const local = date.toPlainDateTime(Temporal.PlainTime.from(time));
  return local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds / 60_000;
}

function midnight(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).startOfDay().epochMilliseconds / 60_000;
}

function daysAhead(now: Date, minute: number, zone: string): number {
  const today = Temporal.PlainDate.from(intlDate(now.getTime() / 60_000, zone));
  return today.until(intlDate(minute, zone), { largestUnit: 'days' }).days;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function intlDate(minute: number, zone: string): string {
  const format =
    dateFormats.get(zone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  dateFormats.set(zone, format);
  return format.format(minute * 60_000);
}
