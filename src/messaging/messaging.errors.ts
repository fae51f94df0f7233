import { DomainError } from '../common/domain-error.js';

/** The same message went out less than ten minutes ago. */
export class DuplicateMessage extends DomainError {
  constructor(readonly messageId: string) {
    super('duplicate-message', 'The same message was sent less than 10 minutes ago.', { messageId });
  }
}

/** The recipient said STOP; nobody but them can undo it. */
export class RecipientOptedOut extends DomainError {
  constructor() {
    super('recipient-opted-out', 'The recipient has opted out of text messages.');
  }
}

export class ConsentMissing extends DomainError {
  constructor() {
    super('consent-missing', 'The customer does not want messages of this kind.');
  }
}

/** The provider is out, or not configured; `reason` is plain English, the message stays in the log. */
export class ProviderUnavailable extends DomainError {
  constructor(reason: string, messageId: string | null) {
    super('provider-unavailable', reason, messageId === null ? {} : { messageId }, { 'retry-after': '30' });
  }
}

/** A reminder of something that is over, cancelled, or not confirmed. */
export class NothingToTell extends DomainError {
  constructor(status: string) {
    super('invalid-transition', `The booking is ${status}: there is nothing to send.`, {
      bookingStatus: status,
    });
  }
}

/** The key belongs to another test text. */
export class KeyReused extends DomainError {
  constructor() {
    super('idempotency-key-reused', 'The key was used for another text.');
  }
}
