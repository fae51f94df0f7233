import { FieldRefused, ValidationFailed, type FieldViolation } from '../common/domain-error.js';

/** Hours that overlap or name a day twice. */
export class HoursRefused extends ValidationFailed {
  constructor(violations: readonly FieldViolation[]) {
    super(violations);
  }
}

/** Throws when there is anything to complain of. */
export function refuse(violations: readonly FieldViolation[]): void {
  if (violations.length > 0) throw new HoursRefused(violations);
}

export class EndsBeforeItStarts extends FieldRefused {
  constructor() {
    super('/end', 'order', 'must be later than `start`');
  }
}

/** Slots are whole minutes, and so is everything that blocks them. */
export class NotAWholeMinute extends FieldRefused {
  constructor(pointer: '/start' | '/end') {
    super(pointer, 'whole-minute', 'must be a whole minute');
  }
}

export class TimeOffTooLong extends FieldRefused {
  constructor() {
    super('/end', 'max-length', 'must be at most 366 days after `start`');
  }
}
