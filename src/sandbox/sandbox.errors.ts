import { DomainError } from '../common/domain-error.js';

/** Time may be moved only where nobody real is told anything: no provider of the configuration is live. */
export class SandboxOnly extends DomainError {
  constructor() {
    super('sandbox-only', 'A provider is live here, so app time stays real time.');
  }
}

/** The sandbox's own process does not come up or refuses; its log is in the data folder. */
export class SandboxUnavailable extends DomainError {
  constructor() {
    super(
      'provider-unavailable',
      'The sandbox does not answer; see sandbox.log in the data folder.',
      {},
      { 'retry-after': '2' },
    );
  }
}
