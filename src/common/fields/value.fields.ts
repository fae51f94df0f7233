import { Transform, Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { isUuid } from '../ids.js';
import { isLocalDate } from '../time/local-date.js';
import { parseInstant } from '../time/parse-instant.js';
import { BOOLEAN, check, fewest, INTEGER, largest, LIST, most, OBJECT, OBJECTS, smallest } from './checks.js';
import { field, type FieldOptions } from './field.js';

/** A whole number between two bounds, both allowed. Text counts in query strings only when it is a plain number. */
export function Int(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  const number = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  );
  return field(
    { type: 'integer', minimum: options.min, maximum: options.max },
    [INTEGER, smallest(options.min), largest(options.max)],
    options,
    [number],
  );
}

/** True or false; in query strings the words. */
export function Bool(options: FieldOptions = {}): PropertyDecorator {
  const words = Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
  return field({ type: Boolean }, [BOOLEAN], options, [words]);
}

const UUID = check('uuid', 'must be a UUID', isUuid);

/** An id. */
export function Id(options: FieldOptions = {}): PropertyDecorator {
  return field({ type: String, format: 'uuid' }, [UUID], options);
}

const INSTANT = check(
  'instant',
  'must be an RFC 3339 instant with its offset, such as 2030-03-04T09:00:00-05:00',
  (value) => value instanceof Date,
);

/** An instant, RFC 3339 with its offset; arrives as a `Date`. */
export function Instant(options: FieldOptions = {}): PropertyDecorator {
  const parsed = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (parseInstant(value) ?? value) : value,
  );
  return field({ type: String, format: 'date-time' }, [INSTANT], options, [parsed]);
}

const LOCAL_DATE = check(
  'local-date',
  'must be a calendar date such as 2030-03-04',
  (value) => typeof value === 'string' && isLocalDate(value),
);

/** A local calendar date, `YYYY-MM-DD`. */
export function LocalDateField(options: FieldOptions = {}): PropertyDecorator {
  return field({ type: String, format: 'date' }, [LOCAL_DATE], options);
}

/** An object with fields of its own. */
export function Nested(type: () => new () => object, options: FieldOptions = {}): PropertyDecorator {
  // Swagger knows a lazy type by the function's name `type`, so the arrow is written out.
  return field({ type: () => type() }, [OBJECT], options, [ValidateNested(), Type(type)]);
}

interface ListOptions extends FieldOptions {
  min?: number;
  max?: number;
}

const bounded = ({ min = 0, max = 100 }: ListOptions) => [fewest(min), most(max)];

/** A list of objects, at most 100. */
export function ListOf(type: () => new () => object, options: ListOptions = {}): PropertyDecorator {
  return field({ type: () => type(), isArray: true }, [LIST, OBJECTS, ...bounded(options)], options, [
    ValidateNested({ each: true }),
    Type(type),
  ]);
}

const UUIDS = check(
  'uuid',
  'must hold UUIDs only',
  (value) => Array.isArray(value) && value.every((item) => isUuid(item)),
);

/** A list of ids, at most 100. */
export function IdList(options: ListOptions = {}): PropertyDecorator {
  return field({ type: String, format: 'uuid', isArray: true }, [LIST, ...bounded(options), UUIDS], options);
}
