import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ValidationFailed, type FieldViolation } from './domain-error.js';

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** The validator's own codes, in our words; the other codes come from our fields. */
const TRANSLATED: Readonly<Record<string, { code: string; detail: string }>> = {
  whitelistValidation: { code: 'unknown-field', detail: 'is not a field of this request' },
  unknownValue: { code: 'object', detail: 'must be an object' },
};

/** Of what is not even the right kind of thing, the validator's thoughts about its inside mean nothing. */
const WRONG_KIND = new Set(['required', 'object', 'objects', 'list']);

/** Every violation with a JSON pointer to its field. */
function violationsOf(errors: readonly ValidationError[], at = ''): FieldViolation[] {
  return errors.flatMap((error) => {
    // Of a body that is no object the validator names no property, whatever its type says.
    const name: string | undefined = error.property;
    const pointer = name === undefined ? at : `${at}/${escaped(name)}`;
    const own = Object.entries(error.constraints ?? {})
      .filter(([code]) => code !== 'nestedValidation')
      .map(([code, detail]) => ({ pointer, ...(TRANSLATED[code] ?? { code, detail }) }));
    if (own.some(({ code }) => WRONG_KIND.has(code))) return own;
    return [...own, ...violationsOf(error.children ?? [], pointer)];
  });
}

/** Unknown fields are refused, and all violations are said at once. */
const STRICT = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: false,
};

/** Checks every DTO that a route takes. */
export function validation(): ValidationPipe {
  return new ValidationPipe({
    ...STRICT,
    transform: true,
    exceptionFactory: (errors) => new ValidationFailed(violationsOf(errors)),
  });
}

/** A DTO read from somewhere else than a request's body, by the same rules. Throws ValidationFailed. */
export function checked<T extends object>(type: new () => T, plain: Readonly<Record<string, unknown>>): T {
  const instance = plainToInstance(type, plain);
  const errors = validateSync(instance, STRICT);
  if (errors.length > 0) throw new ValidationFailed(violationsOf(errors));
  return instance;
}
