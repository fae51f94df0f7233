import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';

/** What every field may say about itself. `optional` may be left out; `nullable` may be sent as null to clear it. */
export interface FieldOptions {
  optional?: boolean;
  nullable?: boolean;
  description?: string;
  example?: unknown;
  default?: unknown;
}

/** Puts documentation and validation of one field into one decorator, so that neither can lie about the other. */
export function field(
  schema: ApiPropertyOptions,
  rules: PropertyDecorator[],
  options: FieldOptions = {},
): PropertyDecorator {
  const skips = (value: unknown) =>
    (options.optional === true && value === undefined) || (options.nullable === true && value === null);
  const documented = {
    ...schema,
    required: options.optional !== true,
    ...(options.nullable ? { nullable: true } : {}),
    ...(options.description ? { description: options.description } : {}),
    ...(options.example === undefined ? {} : { example: options.example }),
    ...(options.default === undefined ? {} : { default: options.default }),
  } as ApiPropertyOptions;
  return applyDecorators(
    ApiProperty(documented),
    ValidateIf((_: object, value: unknown) => !skips(value)),
    ...rules,
  );
}
