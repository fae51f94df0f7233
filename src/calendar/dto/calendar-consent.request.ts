import { Id } from '../../common/fields/value.fields.js';

/** Whose calendar is connected. */
export class ConsentStartQuery {
  @Id({ optional: true, description: 'Whose it is; the salon’s when left out' }) staffId?: string;
}
