import { DomainError } from '../common/domain-error.js';

/** Send no requests here: the process is ending, or its database does not answer or lacks migrations. */
export class NotReady extends DomainError {
  constructor(detail: string) {
    super('unavailable', detail, {}, { 'retry-after': '5' });
  }
}
