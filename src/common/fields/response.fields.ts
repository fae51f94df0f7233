import { ApiProperty } from '@nestjs/swagger';

interface Shown {
  description?: string;
  nullable?: boolean;
  optional?: boolean;
  example?: unknown;
}

const shown = (schema: object, options: Shown): PropertyDecorator =>
  ApiProperty({
    ...schema,
    required: options.optional !== true,
    ...(options.nullable ? { nullable: true } : {}),
    ...(options.description ? { description: options.description } : {}),
    ...(options.example === undefined ? {} : { example: options.example }),
  });

/** Fields of answers: documented only, because what we send needs no validation. */
export const Out = {
  text: (options: Shown = {}) => shown({ type: String }, options),
  id: (options: Shown = {}) => shown({ type: String, format: 'uuid' }, options),
  int: (options: Shown = {}) => shown({ type: 'integer' }, options),
  bool: (options: Shown = {}) => shown({ type: Boolean }, options),
  /** RFC 3339 with offset. */
  instant: (options: Shown = {}) =>
    shown({ type: String, format: 'date-time', example: '2030-03-04T09:00:00-05:00' }, options),
  date: (options: Shown = {}) => shown({ type: String, format: 'date', example: '2030-03-04' }, options),
  oneOf: (values: readonly string[], options: Shown = {}) =>
    shown({ type: String, enum: [...values] }, options),
  object: (type: () => new () => object, options: Shown = {}) => shown({ type: () => type() }, options),
  list: (type: () => new () => object, options: Shown = {}) =>
    shown({ type: () => type(), isArray: true }, options),
  texts: (options: Shown = {}) => shown({ type: String, isArray: true }, options),
} as const;
