import { Conflict, FieldRefused } from '../common/domain-error.js';

export class ServiceNameTaken extends Conflict {
  constructor() {
    super('Another service has this name.');
  }
}

/** Prices in several currencies could not be added up. */
export class WrongCurrency extends FieldRefused {
  constructor(currency: string) {
    super('/price/currency', 'currency', `must be the salon’s currency, ${currency}`);
  }
}

/** A deposit is a share or an amount under policy `deposit`, and nothing under the others. */
export class DepositDoesNotFit extends FieldRefused {
  constructor() {
    super(
      '/deposit',
      'deposit',
      'must be either `percent` or `amount` (at most the price) with paymentPolicy `deposit`, and left out otherwise',
    );
  }
}

export class UnknownStaff extends FieldRefused {
  constructor(index: number) {
    super(`/staffIds/${index}`, 'unknown', 'is nobody who works here');
  }
}

export class UnknownService extends FieldRefused {
  constructor(index: number) {
    super(`/services/${index}/serviceId`, 'unknown', 'is not a service of this salon');
  }
}

export class ServiceRepeats extends FieldRefused {
  constructor(index: number) {
    super(`/services/${index}/serviceId`, 'unique', 'names a service a second time');
  }
}
