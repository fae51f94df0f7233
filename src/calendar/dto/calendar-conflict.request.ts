import { OneOf } from '../../common/fields/text.fields.js';
import { PageQuery } from '../../common/page.js';
import { CONFLICT_ACTIONS, type ConflictAction } from '../calendar-conflicts.service.js';

const STATES = ['open', 'resolved'] as const;

/** Which conflicts. */
export class CalendarConflictsQuery extends PageQuery {
  @OneOf(STATES, { optional: true, description: 'All when left out' }) state?: (typeof STATES)[number];
}

/** What is to be done. */
export class ResolveConflictRequest {
  @OneOf(CONFLICT_ACTIONS, {
    description:
      '`apply` or `revert` a move; `cancel` the booking of a deleted event or `restore` the event; `dismiss` an overlap',
  })
  action!: ConflictAction;
}
