import { Conflict, DomainError, FieldRefused } from '../common/domain-error.js';

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

/** A salon without an owner could never get one again over HTTP. */
export class LastOwner extends Conflict {
  constructor() {
    super('This is the last owner who can sign in; make another one first.');
  }
}

export class AccountClosed extends Conflict {
  constructor() {
    super('This account was deleted and stays only for the history; make a new one.');
  }
}

export class AddressTaken extends Conflict {
  constructor() {
    super('An account with this e-mail address exists.');
  }
}

/** The calendar an account is said to own is none of this salon's. */
export class UnknownCalendar extends FieldRefused {
  constructor() {
    super('/staffId', 'unknown', 'is nobody who works here');
  }
}

/** A code that was not right, whatever was wrong with it: the digits, its age, its use, its purpose. */
export class CodeRefused extends DomainError {
  /** `sign-in-failed` for whoever is not signed in, else `code-wrong`. */
  constructor(code: 'sign-in-failed' | 'code-wrong') {
    super(
      code,
      'The code is wrong, too old or used up; ask for another one.',
      {},
      code === 'sign-in-failed' ? { 'www-authenticate': 'Bearer' } : {},
    );
  }
}
