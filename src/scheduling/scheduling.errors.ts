import { DomainError } from '../common/domain-error.js';
import type { StartRefusal } from './slots/slots.types.js';

/** A time that could be had instead. */
export interface Alternative {
  start: string;
  staffIds: readonly string[];
}

/** Somebody else has it, or the person is away; up to three nearest times that are free. */
export class SlotTaken extends DomainError {
  constructor(alternatives: readonly Alternative[] = []) {
    super('slot-unavailable', 'That time is taken.', { alternatives });
  }
}

export class OutsideBusinessHours extends DomainError {
  constructor(alternatives: readonly Alternative[] = []) {
    super('outside-business-hours', 'The salon, or the person asked for, does not work then.', {
      alternatives,
    });
  }
}

export class TooSoon extends DomainError {
  constructor(alternatives: readonly Alternative[] = []) {
    super('min-notice', 'That is too soon; the salon needs some notice.', { alternatives });
  }
}

export class TooFarAhead extends DomainError {
  constructor(alternatives: readonly Alternative[] = []) {
    super('max-horizon', 'That is further ahead than the salon plans.', { alternatives });
  }
}

export class OffGrid extends DomainError {
  constructor(alternatives: readonly Alternative[] = []) {
    super('off-grid', 'That is not one of the starts the salon offers.', { alternatives });
  }
}

export class ServiceStaffMismatch extends DomainError {
  constructor() {
    super('service-staff-mismatch', 'This person does not offer this service.');
  }
}

/** The refusal that belongs to a reason of the slot engine. */
export function refusalOf(reason: StartRefusal, alternatives: readonly Alternative[]): DomainError {
  switch (reason) {
    case 'slot-unavailable':
      return new SlotTaken(alternatives);
    case 'outside-business-hours':
      return new OutsideBusinessHours(alternatives);
    case 'min-notice':
      return new TooSoon(alternatives);
    case 'max-horizon':
      return new TooFarAhead(alternatives);
    case 'off-grid':
      return new OffGrid(alternatives);
  }
}
