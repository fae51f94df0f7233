import type { ApiPropertyOptions } from '@nestjs/swagger';
import { documented, type FieldOptions } from './field.js';

type Shown = Omit<FieldOptions, 'default'>;

const shown = (schema: ApiPropertyOptions, options: Shown): PropertyDecorator => documented(schema, options);

/** Fields of answers: documented only, because what we send needs no validation. */
export const Out = {
  text: (options: Shown = {}) => shown({ type: String }, options),
  id: (options: Shown = {}) => shown({ type: String, format: 'uuid' }, options),
  int: (options: Shown = {}) => shown({ type: 'integer' }, options),
  /** A share is 0 to 1. */
  number: (options: Shown = {}) => shown({ type: 'number', example: 0.42 }, options),
  bool: (options: Shown = {}) => shown({ type: Boolean }, options),
  /** RFC 3339 with offset. */
  instant: (options: Shown = {}) => shown({ type: String, format: 'date-time' }, options),
  date: (options: Shown = {}) => shown({ type: String, format: 'date' }, options),
  oneOf: (values: readonly string[], options: Shown = {}) =>
    shown({ type: String, enum: [...values] }, options),
  object: (type: () => new () => object, options: Shown = {}) => shown({ type: () => type() }, options),
  list: (type: () => new () => object, options: Shown = {}) =>
    shown({ type: () => type(), isArray: true }, options),
  texts: (options: Shown = {}) => shown({ type: String, isArray: true }, options),
} as const;
