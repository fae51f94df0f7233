import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { registerDecorator, ValidateIf } from 'class-validator';
import { REQUIRED, type Check } from './checks.js';
import { exampleOf, type Exemplary } from './examples.js';

/** What every field may say about itself. `optional` may be left out; `nullable` may be sent as null to clear it. */
export interface FieldOptions {
  optional?: boolean;
  nullable?: boolean;
  description?: string;
  example?: unknown;
  default?: unknown;
}

/**
 * Puts documentation and validation of one field into one decorator, so that neither can lie about the other. Of the
 * checks the first that fails speaks, so that one mistake is one violation; `others` read or nest the value.
 */
export function field(
  schema: ApiPropertyOptions,
  checks: readonly Check[],
  options: FieldOptions = {},
  others: readonly PropertyDecorator[] = [],
): PropertyDecorator {
  const skips = (value: unknown) =>
    (options.optional === true && value === undefined) || (options.nullable === true && value === null);
  return applyDecorators(
    documented(schema, options),
    ValidateIf((_: object, value: unknown) => !skips(value)),
    firstOf([REQUIRED, ...checks]),
    ...others,
  );
}

/** The documentation of a field, with an example even where nobody gave one. */
export function documented(schema: ApiPropertyOptions, options: FieldOptions): PropertyDecorator {
  return (target, property) => {
    const known = { ...schema, ...(options.default === undefined ? {} : { default: options.default }) };
    // Swagger's own type is a union of shapes; what an example needs is in each of them.
    const example = options.example ?? known.example ?? exampleOf(String(property), known as Exemplary);
    ApiProperty({
      ...known,
      required: options.optional !== true,
      ...(options.nullable ? { nullable: true } : {}),
      ...(options.description ? { description: options.description } : {}),
      ...(example === undefined ? {} : { example }),
    } as ApiPropertyOptions)(target, property);
  };
}

/** Each check under its own code; one holds back while an earlier one fails. */
function firstOf(checks: readonly Check[]): PropertyDecorator {
  return (target, property) => {
    for (const check of checks) {
      registerDecorator({
        name: check.code,
        target: target.constructor,
        propertyName: String(property),
        options: { message: check.detail },
        validator: { validate: (value: unknown) => checks.find(({ holds }) => !holds(value)) !== check },
      });
    }
  };
}
