import { DomainError } from '../common/domain-error.js';

/** Whoever called is not the provider, or `PUBLIC_URL` is not what the provider knows us by. */
export class SignatureInvalid extends DomainError {
  constructor() {
    super('signature-invalid', 'The signature does not belong to this request.');
  }
}
