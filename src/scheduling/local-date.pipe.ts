import type { PipeTransform } from '@nestjs/common';
import { NotFound } from '../common/domain-error.js';
import { isLocalDate } from '../common/time/local-date.js';

/** A date in the path; one that does not exist has nothing, so it is not found rather than malformed. */
export class LocalDatePipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value !== 'string' || !isLocalDate(value)) throw new NotFound();
    return value;
  }
}
