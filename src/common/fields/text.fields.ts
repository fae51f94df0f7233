import { Transform } from 'class-transformer';
import { normalizeEmail, normalizePhone } from '../contact.js';
import { isTimeZone } from '../time/zone-offsets.js';
import { check, longest, NO_CARD_NUMBER, oneOf, PRINTABLE, shaped, shortest, TEXT } from './checks.js';
import { field, type FieldOptions } from './field.js';

/** Reads a text before it is checked; what is no text stays for the check to refuse. */
const read = (how: (text: string) => string): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? how(value) : value));

/** Text for people, trimmed; lengths in characters (code points). */
export function Text(options: FieldOptions & { min?: number; max: number }): PropertyDecorator {
  const min = options.min ?? 1;
  return field(
    { type: String, minLength: min, maxLength: options.max },
    [TEXT, shortest(min), longest(options.max), PRINTABLE, NO_CARD_NUMBER],
    options,
    [read((text) => text.trim())],
  );
}

/** A whole file of text, kept exactly as sent; what is in it is checked by whoever reads it. */
export function FileText(options: FieldOptions & { max: number }): PropertyDecorator {
  return field(
    { type: String, minLength: 1, maxLength: options.max },
    [TEXT, shortest(1), longest(options.max), PRINTABLE],
    options,
  );
}

/** Text of a fixed shape, such as a code or a token; never trimmed. */
export function Pattern(options: FieldOptions & { pattern: RegExp; max: number }): PropertyDecorator {
  return field(
    { type: String, pattern: options.pattern.source, maxLength: options.max },
    [TEXT, longest(options.max), shaped(options.pattern, options.example)],
    options,
  );
}

/** A secret typed by a person; kept exactly as sent. */
export function Secret(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  return field(
    { type: String, format: 'password', minLength: options.min, maxLength: options.max },
    [TEXT, shortest(options.min), longest(options.max), PRINTABLE],
    options,
  );
}

const EMAIL = check(
  'email',
  'must be an e-mail address',
  (value) => typeof value === 'string' && normalizeEmail(value) === value,
);

/** An e-mail address, lower-cased. */
export function Email(options: FieldOptions = {}): PropertyDecorator {
  return field({ type: String, format: 'email', maxLength: 254 }, [EMAIL, PRINTABLE], options, [
    read((text) => normalizeEmail(text) ?? text),
  ]);
}

const PHONE = check(
  'phone',
  'must be a telephone number with its country code, such as +15005550100',
  (value) => typeof value === 'string' && normalizePhone(value) === value,
);

/** A telephone number, normalised to E.164. */
export function Phone(options: FieldOptions = {}): PropertyDecorator {
  return field({ type: String, format: 'e164', maxLength: 20 }, [PHONE], options, [
    read((text) => normalizePhone(text) ?? text),
  ]);
}

const TIME_ZONE = check(
  'time-zone',
  'must be an IANA time zone name such as Europe/Berlin',
  (value) => typeof value === 'string' && isTimeZone(value),
);

/** An IANA time zone name. */
export function TimeZone(options: FieldOptions = {}): PropertyDecorator {
  return field({ type: String, maxLength: 64, example: 'America/New_York' }, [TIME_ZONE], options);
}

/** One of a closed list of words. */
export function OneOf(values: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field({ type: String, enum: [...values] }, [oneOf(values)], options);
}

/** A language tag such as en-US. */
export function Locale(options: FieldOptions = {}): PropertyDecorator {
  return Pattern({ pattern: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, max: 35, example: 'en-US', ...options });
}
