import { Conflict } from '../common/domain-error.js';

/** Said only to whoever has just proven that the contact is theirs, so that nobody else learns of the other account. */
export class ContactTaken extends Conflict {
  constructor() {
    super('You have another account with this contact; sign in with it instead.');
  }
}
