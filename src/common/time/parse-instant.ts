import { isLocalDate } from './local-date.js';

const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * Reads RFC 3339 with an offset or `Z`; seconds may be left out, fractions finer than milliseconds are cut off. Null for
 * anything else: no offset, a day that does not exist, leap seconds, years outside 1970 to 2999 (minutes are stored as int4).
 */
export function parseInstant(text: string): Date | null {
  const match = RFC_3339.exec(text);
  if (!match) return null;
  const [, date = '', hours, minutes, seconds = '00', fraction = '', sign, offsetHours, offsetMinutes] =
    match;
  if (!isLocalDate(date) || date < '1970') return null;
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  const offset = sign ? (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1) : 0;
  const time = Date.parse(`${date}T${hours}:${minutes}:${seconds}.${millis}Z`) - offset * 60_000;
  return time < 0 ? null : new Date(time);
}
