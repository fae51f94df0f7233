import { isEmail } from 'class-validator';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

const MAX_PHONE_TEXT = 40;
const MAX_EMAIL_TEXT = 254;
const HIDDEN = '•••';

/** One request asks about the same number several times, and parsing is dear. */
const recent = new Map<string, string | null>();
const MOST_RECENT = 32;

/**
 * The number in E.164 (`+15005550006`), or null when it cannot be one. Asks whether the number is *possible*, not whether it is
 * assigned: new ranges and the fictional 555 numbers are accepted, the carrier has the last word. Numbers without `+` belong to
 * `defaultCountry` (ISO 3166-1 alpha-2); without a known one they are refused, and so are extensions, which take no texts.
 */
export function normalizePhone(text: string, defaultCountry?: string): string | null {
  const key = `${defaultCountry ?? ''} ${text}`;
  const known = recent.get(key);
  if (known !== undefined) return known;
  const phone = parsePhone(text, defaultCountry);
  if (recent.size >= MOST_RECENT) recent.clear();
  recent.set(key, phone);
  return phone;
}

function parsePhone(text: string, defaultCountry: string | undefined): string | null {
  const trimmed = text.trim();
  if (trimmed.length > MAX_PHONE_TEXT) return null;
  const hasCountry = defaultCountry !== undefined && isSupportedCountry(defaultCountry);
  const phone = parsePhoneNumberFromString(trimmed, {
    extract: false,
    ...(hasCountry ? { defaultCountry } : {}),
  });
  if (!phone || phone.ext !== undefined || !phone.isPossible()) return null;
  return phone.number;
}

/** The address trimmed and in lower case, as it is stored and compared; null when no mail can be sent to it. */
export function normalizeEmail(text: string): string | null {
  const address = text.trim().toLowerCase();
  // A lone surrogate makes the library throw instead of answering.
  const isReadable = address.length <= MAX_EMAIL_TEXT && address.isWellFormed();
  return isReadable && isEmail(address) ? address : null;
}

/** `+15005550006` as `+1•••06`: enough for staff to tell two customers apart, not enough to call one. */
export function maskPhone(phone: string): string {
  return phone.length < 6 ? HIDDEN : phone.slice(0, 2) + HIDDEN + phone.slice(-2);
}

/** `ada@example.com` as `a•••@example.com`; a text without an address is hidden whole. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const first = [...email.slice(0, Math.max(at, 0))][0];
  return first === undefined ? HIDDEN : first + HIDDEN + email.slice(at);
}
