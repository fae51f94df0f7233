import { addDays, dateOfDayNumber } from './local-date.js';
import { offsetMinutes } from './zone-offsets.js';
import { localDateOf, minuteOf } from './zoned-time.js';

const DAY = 1440;
const FALLBACK_LOCALE = 'en-US';
const MAX_FORMATTERS = 64;
const two = (n: number): string => String(n).padStart(2, '0');
const TIMES_OF_DAY = Array.from(
  { length: DAY },
  (_, minute) => `T${two(Math.floor(minute / 60))}:${two(minute % 60)}:`,
);
const offsetTexts = new Map<number, string>();
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Where and for whom a time is written: the zone's clock, the reader's language (BCP 47; an unknown one reads as en-US). */
export interface Reader {
  readonly zone: string;
  readonly locale: string;
}

/** RFC 3339 with the zone's offset, e.g. `2030-03-04T09:00:00-05:00`; milliseconds are cut off. */
export function formatWithOffset(instant: Date, zone: string): string {
  return text(minuteOf(instant), two(instant.getUTCSeconds()), zone);
}

/** `formatWithOffset` for an epoch minute: table look-ups only, for lists of thousands of slots. */
export function formatMinute(minute: number, zone: string): string {
  return text(minute, '00', zone);
}

/** The date as a customer says it, `Monday, March 4`; with the year when it is not the one of `now`. */
export function formatDate(instant: Date, now: Date, { zone, locale }: Reader): string {
  const sameYear = localDateOf(instant, zone).slice(0, 4) === localDateOf(now, zone).slice(0, 4);
  return write(instant, zone, locale, sameYear ? 'date' : 'dateWithYear');
}

/** The time as a customer says it, `9:00 AM`; only plain spaces, so that a text message stays in the cheap GSM-7 alphabet. */
export function formatTime(instant: Date, { zone, locale }: Reader): string {
  return write(instant, zone, locale, 'time');
}

/** Whether `instant` is today or tomorrow on the calendar of `zone`; null for any other day. */
export function relativeDay(instant: Date, now: Date, zone: string): 'today' | 'tomorrow' | null {
  const date = localDateOf(instant, zone);
  const today = localDateOf(now, zone);
  if (date === today) return 'today';
  return date === addDays(today, 1) ? 'tomorrow' : null;
}

function text(minute: number, seconds: string, zone: string): string {
  const offset = offsetMinutes(minute, zone);
  const local = minute + offset;
  const day = Math.floor(local / DAY);
  return dateOfDayNumber(day) + (TIMES_OF_DAY[local - day * DAY] ?? '') + seconds + offsetText(offset);
}

function offsetText(offset: number): string {
  const known = offsetTexts.get(offset);
  if (known !== undefined) return known;
  const size = Math.abs(offset);
  const written = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  offsetTexts.set(offset, written);
  return written;
}

const STYLES = {
  date: { weekday: 'long', month: 'long', day: 'numeric' },
  dateWithYear: { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
} as const;

/** Shifts to the zone's wall clock and formats that as UTC: one formatter per language instead of one per language and zone. */
function write(instant: Date, zone: string, locale: string, style: keyof typeof STYLES): string {
  const wallClock = instant.getTime() + offsetMinutes(minuteOf(instant), zone) * 60_000;
  return formatter(locale, style)
    .format(wallClock)
    .replace(/[\u00a0\u202f]/g, ' ');
}

function formatter(locale: string, style: keyof typeof STYLES): Intl.DateTimeFormat {
  const key = `${style} ${locale}`;
  const known = formatters.get(key);
  if (known) return known;
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  const made = makeFormatter(locale, style);
  formatters.set(key, made);
  return made;
}

function makeFormatter(locale: string, style: keyof typeof STYLES): Intl.DateTimeFormat {
  const options = { ...STYLES[style], timeZone: 'UTC' };
  try {
    return new Intl.DateTimeFormat([locale, FALLBACK_LOCALE], options);
  } catch {
    return new Intl.DateTimeFormat(FALLBACK_LOCALE, options);
  }
}
