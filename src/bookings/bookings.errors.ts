import { DomainError, FieldRefused } from '../common/domain-error.js';

/** Whom to call when the rules end; part of every refusal that only the salon itself can lift. */
export interface SalonContact {
  name: string;
  phone: string | null;
  email: string | null;
}

export class InvalidTransition extends DomainError {
  constructor(from: string, to: string) {
    super(
      'invalid-transition',
      `A booking that is ${from.replace('_', '-')} cannot become ${to.replace('_', '-')}.`,
      { from, to },
    );
  }
}

/** The deal was made in one currency; there is no exchange rate here. */
export class OtherCurrency extends FieldRefused {
  constructor(currency: string) {
    super('/price/currency', 'currency', `must be the currency of the booking, ${currency}`);
  }
}

export class HoldExpired extends DomainError {
  constructor() {
    super('hold-expired', 'The hold ran out and the time was given to somebody else.');
  }
}

export class CancellationWindowClosed extends DomainError {
  constructor(closedAt: string, contact: SalonContact) {
    super('cancellation-window-closed', 'It is too late to cancel online; please call the salon.', {
      closedAt,
      contact,
    });
  }
}

export class RescheduleWindowClosed extends DomainError {
  constructor(closedAt: string, contact: SalonContact) {
    super(
      'reschedule-window-closed',
      'It is too late to move the appointment online; please call the salon.',
      { closedAt, contact },
    );
  }
}

export class RescheduleLimit extends DomainError {
  constructor(limit: number, contact: SalonContact) {
    super('reschedule-limit', `An appointment can be moved online ${limit} times; please call the salon.`, {
      limit,
      contact,
    });
  }
}

export class ActiveBookingLimit extends DomainError {
  /** `ids` are told to the customer whose bookings they are, and to nobody else. */
  constructor(limit: number, ids: readonly string[] | null) {
    super('active-booking-limit', `There can be at most ${limit} active bookings.`, {
      limit,
      ...(ids ? { active: ids } : {}),
    });
  }
}

export class HoldLimit extends DomainError {
  constructor(limit: number) {
    super('hold-limit', `There can be at most ${limit} unpaid holds for one phone or e-mail.`, { limit });
  }
}

export class TooEarly extends DomainError {
  constructor(from: string, to: string, possibleAt: string) {
    super('invalid-transition', 'That is possible only once the appointment has begun.', {
      from,
      to,
      possibleAt,
    });
  }
}
