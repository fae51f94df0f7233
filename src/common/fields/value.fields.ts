import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsInt,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { isUuid } from '../ids.js';
import { isLocalDate } from '../time/local-date.js';
import { parseInstant } from '../time/parse-instant.js';
import { field, type FieldOptions } from './field.js';
import { Rule } from './text.fields.js';

/** A whole number between two bounds, both allowed. Text counts in query strings only when it is a plain number. */
export function Int(options: FieldOptions & { min: number; max: number }): PropertyDecorator {
  const number = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value,
  );
  return field(
    { type: 'integer', minimum: options.min, maximum: options.max },
    [number, IsInt(), Min(options.min), Max(options.max)],
    options,
  );
}

/** True or false; in query strings the words. */
export function Bool(options: FieldOptions = {}): PropertyDecorator {
  const words = Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  );
  return field({ type: Boolean }, [words, IsBoolean()], options);
}

/** An id. */
export function Id(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { type: String, format: 'uuid', example: '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55' },
    [Rule('uuid', 'must be a UUID', isUuid)],
    options,
  );
}

/** An instant, RFC 3339 with its offset; arrives as a `Date`. */
export function Instant(options: FieldOptions = {}): PropertyDecorator {
  const parsed = Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? (parseInstant(value) ?? value) : value,
  );
  return field(
    { type: String, format: 'date-time', example: '2030-03-04T09:00:00-05:00' },
    [
      parsed,
      Rule(
        'instant',
        'must be an RFC 3339 instant with its offset, such as 2030-03-04T09:00:00-05:00',
        (value) => value instanceof Date,
      ),
    ],
    options,
  );
}

/** A local calendar date, `YYYY-MM-DD`. */
export function LocalDateField(options: FieldOptions = {}): PropertyDecorator {
  return field(
    { type: String, format: 'date', example: '2030-03-04' },
    [
      Rule(
        'localDate',
        'must be a calendar date such as 2030-03-04',
        (value) => typeof value === 'string' && isLocalDate(value),
      ),
    ],
    options,
  );
}

/** An object with fields of its own. */
export function Nested(type: () => new () => object, options: FieldOptions = {}): PropertyDecorator {
  // Swagger knows a lazy type by the function's name `type`, so the arrow is written out.
  const required = options.optional ? [] : [IsDefined()];
  return field({ type: () => type() }, [...required, IsObjectRule(), ValidateNested(), Type(type)], options);
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

const IsObjectRule = () => Rule('object', 'must be an object', isObject);

const AreObjectsRule = () =>
  Rule('objects', 'must hold objects only', (value) => Array.isArray(value) && value.every(isObject));

interface ListOptions extends FieldOptions {
  min?: number;
  max?: number;
}

/** A list of objects, at most 100. */
export function ListOf(type: () => new () => object, options: ListOptions = {}): PropertyDecorator {
  const bounds = [
    IsArray(),
    AreObjectsRule(),
    ArrayMinSize(options.min ?? 0),
    ArrayMaxSize(options.max ?? 100),
  ];
  return field(
    { type: () => type(), isArray: true },
    [...bounds, ValidateNested({ each: true }), Type(type)],
    options,
  );
}

/** A list of ids, at most 100. */
export function IdList(options: ListOptions = {}): PropertyDecorator {
  return field(
    { type: String, format: 'uuid', isArray: true },
    [
      IsArray(),
      ArrayMinSize(options.min ?? 0),
      ArrayMaxSize(options.max ?? 100),
      IsUUID('all', { each: true }),
    ],
    options,
  );
}
