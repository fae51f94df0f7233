import { DomainError, FieldRefused } from '../common/domain-error.js';
import { formatMoney, type Money } from '../common/money.js';

/** The booking is in a state in which the salon takes no money for it. */
export class TakesNoMoney extends DomainError {
  constructor(status: string) {
    super('invalid-transition', `A booking that is ${status.replace('_', '-')} cannot be paid.`, { status });
  }
}

/** The deal was made in one currency; there is no exchange rate here. */
export class PaidInOtherCurrency extends FieldRefused {
  constructor(currency: string) {
    super('/amount/currency', 'currency', `must be the currency of the booking, ${currency}`);
  }
}

/** Not one of the amounts that the salon can take at once. */
export class AmountRefused extends FieldRefused {
  constructor(asked: Money, whole: number, allowed: readonly number[]) {
    const told = allowed.map((amount) => formatMoney({ amount, currency: asked.currency })).join(' or ');
    const isMore = asked.amount > whole;
    super(
      '/amount/amount',
      isMore ? 'more-than-open' : 'in-parts',
      `must be ${told}: ${WHY[String(isMore)]}`,
    );
  }
}

const WHY: Readonly<Record<string, string>> = {
  true: 'more than that is not open',
  false: 'what is due to confirm it or all that is open, never another part',
};

export class TaskIsDone extends DomainError {
  constructor() {
    super('invalid-transition', 'Somebody has seen to it already.');
  }
}

/** Money that does not fit is accepted or given back; it cannot just be ticked off. */
export class TaskWantsDecision extends DomainError {
  constructor() {
    super('invalid-transition', 'Decide it: accept the money or give it back.');
  }
}
