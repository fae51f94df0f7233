import { DomainError } from '../common/domain-error.js';

const RETRY_SECONDS = '1';

/** The first request with this key has not been answered yet. */
export class IdempotencyInProgress extends DomainError {
  constructor() {
    super(
      'idempotency-in-progress',
      'The first request with this Idempotency-Key is still running.',
      {},
      { 'retry-after': RETRY_SECONDS },
    );
  }
}

/** The key belongs to another request: another body, or another route. */
export class IdempotencyKeyReused extends DomainError {
  constructor() {
    super('idempotency-key-reused', 'This Idempotency-Key was used for a different request.');
  }
}
