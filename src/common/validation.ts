import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { ValidationFailed, type FieldViolation } from './domain-error.js';

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

function flatten(errors: readonly ValidationError[], at = ''): FieldViolation[] {
  return errors.flatMap((error) => {
    const pointer = `${at}/${escaped(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([code, detail]) =>
      code === 'whitelistValidation'
        ? { pointer, code: 'unknown-field', detail: 'is not a field of this request' }
        : { pointer, code, detail },
    );
    return [...own, ...flatten(error.children ?? [], pointer)];
  });
}

/** Checks every DTO: unknown fields are refused, and all violations are said at once. */
export function validation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: false,
    exceptionFactory: (errors) => new ValidationFailed(flatten(errors)),
  });
}
