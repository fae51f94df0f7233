import { DomainError } from '../common/domain-error.js';

/** Wrong e-mail, wrong password, disabled account: one answer for all. */
export class SignInFailed extends DomainError {
  /** `retryAfterSeconds` is how long the next attempt has to wait, 0 for not at all. */
  constructor(retryAfterSeconds: number) {
    const headers = {
      'www-authenticate': 'Bearer',
      ...(retryAfterSeconds > 0 ? { 'retry-after': String(retryAfterSeconds) } : {}),
    };
    super('sign-in-failed', 'The e-mail address or the password is wrong.', {}, headers);
  }
}
