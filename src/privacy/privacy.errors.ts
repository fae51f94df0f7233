import { Conflict, DomainError } from '../common/domain-error.js';

/** Money on its way, or the law: `blockers` says what in words for the customer. */
export class ErasureBlocked extends DomainError {
  constructor(blockers: readonly string[]) {
    super('erasure-blocked', 'Not now: something has to be settled first.', { blockers });
  }
}

export class ErasureAsked extends Conflict {
  constructor() {
    super('Erasure has been asked for already; it can be withdrawn until its time comes.');
  }
}
