import { Transform } from 'class-transformer';
import {
  IsIn,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  registerDecorator,
  type ValidationOptions,
} from 'class-validator';
import { normalizeEmail, normalizePhone } from '../contact.js';
import { isTimeZone } from '../time/zone-offsets.js';
import { field, type FieldOptions } from './field.js';

const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** A rule given as a plain function; its code and message appear in the problem document. */
export function Rule(name: string, message: string, holds: (value: unknown) => boolean): PropertyDecorator {
  return (target: object, property: string | symbol) => {
    const options: ValidationOptions = { message };
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      options,
      validator: { validate: holds },
    });
  };
}

/** No control characters and no lone surrogates: PostgreSQL cannot store them, and phones cannot show them. */
const Printable = () =>
  Rule(
    'printable',
    'must not hold control characters or broken Unicode',
    (value) => typeof value === 'string' && !UNSAFE.test(value),
  );

const trimmed = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.trim() : value,
);

/** Text for people, trimmed; lengths in UTF-16 units. */
export function Text(options: FieldOptions & { min?: number; max: number }): PropertyDecorator {
  const min = options.min ?? 1;
  return field(
    { type: String, minLength: min, maxLength: options.max },
    [trimmed, IsString(), MinLength(min), MaxLength(options.max), Printable()],
    options,
  );
}

/** Text of a fixed shape, such as a code or a token; never trimmed. */
export function Pattern(options: FieldOptions & { pattern: RegExp; max: number }): PropertyDecorator {
  return field(
    { type: String, pattern: options.pattern.source, maxLength: options.max },
    [IsString(), MaxLength(options.max), Matches(options.pattern)],
    options,
  );
}

/** A secret typed by a person; kept exactly as sent. */
export function Secret(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  return field(
    { type: String, format: 'password', minLength: options.min, maxLength: options.max },
    [IsString(), MinLength(options.min), MaxLength(options.max), Printable()],
    options,
  );
}

/** An e-mail address, lower-cased. */
export function Email(options: FieldOptions = {}): PropertyDecorator {
  const lowered = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (normalizeEmail(value) ?? value) : value,
  );
  const isAddress = (value: unknown) => typeof value === 'string' && normalizeEmail(value) === value;
  return field(
    { type: String, format: 'email', maxLength: 254, example: 'ada@example.com' },
    [lowered, Rule('email', 'must be an e-mail address', isAddress), Printable()],
    options,
  );
}

/** A telephone number, normalised to E.164. */
export function Phone(options: FieldOptions = {}): PropertyDecorator {
  const normal = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (normalizePhone(value) ?? value) : value,
  );
  return field(
    { type: String, format: 'e164', maxLength: 20, example: '+15005550100' },
    [
      normal,
      Rule(
        'phone',
        'must be a telephone number with its country code, such as +15005550100',
        (value) => typeof value === 'string' && normalizePhone(value) === value,
      ),
    ],
    options,
  );
}

/** An IANA time zone name. */
export function TimeZone(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { type: String, maxLength: 64, example: 'America/New_York' },
    [
      Rule(
        'timeZone',
        'must be an IANA time zone name such as Europe/Berlin',
        (value) => typeof value === 'string' && isTimeZone(value),
      ),
    ],
    options,
  );
}

/** One of a closed list of words. */
export function OneOf(values: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field({ type: String, enum: [...values] }, [IsIn([...values])], options);
}

/** A language tag such as en-US. */
export function Locale(options: FieldOptions = {}): PropertyDecorator {
  return Pattern({ pattern: /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, max: 35, example: 'en-US', ...options });
}
