import { Int } from '../../common/fields/value.fields.js';
import type { Rules } from '../retention.types.js';

const LONGEST = 240;

/** For how many months each kind of data is kept; docs/privacy.md says what each kind is. */
export class RetentionRequest implements Rules {
  @Int({ min: 1, max: LONGEST, example: 24, description: 'Who they are, from their last appointment on' })
  identity!: number;
  @Int({ min: 1, max: LONGEST, example: 12, description: 'Words about them, from their last appointment on' })
  notes!: number;
  @Int({ min: 1, max: LONGEST, example: 12, description: 'Contacts and texts of messages' })
  messages!: number;
  @Int({ min: 1, max: LONGEST, example: 36, description: 'Whose a booking was' })
  bookings!: number;
  @Int({ min: 120, max: LONGEST, example: 120, description: 'Who paid; bookkeeping wants ten years' })
  payments!: number;
  @Int({ min: 1, max: LONGEST, example: 60, description: 'Decisions that a newer one has replaced' })
  consents!: number;
  @Int({ min: 1, max: LONGEST, example: 24, description: 'The audit log, by whole months' })
  audit!: number;
}
