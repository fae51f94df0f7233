import { DomainError } from '../common/domain-error.js';

/** Whoever called does not know `EMAIL_BOUNCE_TOKEN`, or there is none. */
export class BounceTokenInvalid extends DomainError {
  constructor() {
    super('signature-invalid', 'The token is not the one of EMAIL_BOUNCE_TOKEN.');
  }
}
