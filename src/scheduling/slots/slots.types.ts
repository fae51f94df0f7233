import type { LocalDate, LocalTime } from '../../common/time/local-date.js';

/** One stretch of working time of a date; `to` at or before `from` runs past midnight, `24:00` is midnight. */
export interface HoursInterval {
  readonly from: LocalTime;
  readonly to: LocalTime;
}

/** Working hours of the salon or of one staff member. An interval belongs to the date on which it begins. */
export interface WorkingHours {
  /** By ISO weekday, 1 is Monday; a missing day is closed. Null: no hours of their own, the salon's apply. */
  readonly weekly: Readonly<Record<number, readonly HoursInterval[]>> | null;
  /** Replaces the weekly hours of that one date; an empty list closes it. */
  readonly exceptions: Readonly<Record<LocalDate, readonly HoursInterval[]>>;
}

/** Half-open epoch-minute ranges as flat pairs `[start, end, start, end, …]`, best sorted by start; they may overlap. */
export type BusyMinutes = Int32Array | readonly number[];

/** What is booked; all in whole minutes. */
export interface SlotService {
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** Distance between starts, at least 1. */
  readonly stepMinutes: number;
}

/** A staff member who performs the service. */
export interface SlotCandidate {
  readonly staffId: string;
  readonly hours: WorkingHours;
  /** Their own duration of this service; null: the service's. */
  readonly durationMinutes: number | null;
  /** Everything that blocks them: live allocations, time off, external busy. */
  readonly busy: BusyMinutes;
  /** Allocations only, for "fewest booked minutes that day"; without it `busy` counts. */
  readonly booked?: BusyMinutes;
}

/** Everything a start is judged by, without the range that is searched. */
export interface SlotRules {
  /** The salon's zone, in which hours and the horizon are meant. */
  readonly zone: string;
  /** App time of the question; notice counts its milliseconds. */
  readonly now: Date;
  readonly service: SlotService;
  readonly businessHours: WorkingHours;
  readonly candidates: readonly SlotCandidate[];
  /** Earliest start = now + notice. Null: no limit, not even the past; 0 hides the past. */
  readonly noticeMinutes: number | null;
  /** Latest local date = today + this many days. Null: no limit. */
  readonly horizonDays: number | null;
  /** False: the buffers too must lie inside working hours. */
  readonly bufferMayExceedHours: boolean;
}

/** A search over local dates, both included, of the zone the answer is grouped and shown in. */
export interface SlotSearch extends SlotRules {
  readonly displayZone: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/** The customer's time, `[start, end)` in epoch minutes, and everyone who can take it, sorted by id. */
export interface Slot {
  readonly start: number;
  readonly end: number;
  readonly staffIds: readonly string[];
}

/** The slots of one local date of the display zone, by start; dates without any are listed too. */
export interface SlotDay {
  readonly date: LocalDate;
  readonly slots: readonly Slot[];
}

/** Why a start is refused; each is a code of the problem catalogue. */
export type StartRefusal =
  | 'off-grid'
  | 'outside-business-hours'
  | 'min-notice'
  | 'max-horizon'
  | 'slot-unavailable';

/** What staff are told but not kept from doing. */
export type StartWarning = Exclude<StartRefusal, 'slot-unavailable'>;

/** A staff member who can take the start: the visit, and the time it blocks with buffers, in epoch minutes. */
export interface StaffFit {
  readonly staffId: string;
  readonly start: number;
  readonly end: number;
  readonly blockedFrom: number;
  readonly blockedTo: number;
  /** Empty for customers. */
  readonly warnings: readonly StartWarning[];
}

/** Everyone who can take the start, best first, or the one reason why nobody can. */
export type StartCheck =
  | { readonly ok: true; readonly fits: readonly StaffFit[] }
  | { readonly ok: false; readonly reason: StartRefusal };
