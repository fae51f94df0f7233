import { Text } from '../../common/fields/text.fields.js';
import { Instant } from '../../common/fields/value.fields.js';
import { PageQuery } from '../../common/page.js';
import type { Absence } from '../time-off.service.js';

/** When somebody is away; whole minutes, at most 366 days. */
export class AddTimeOffRequest implements Absence {
  @Instant() start!: Date;
  @Instant() end!: Date;
  @Text({ max: 200, optional: true, nullable: true, example: 'Holiday' }) reason?: string | null;
}

/** Which absences to list. */
export class TimeOffQuery extends PageQuery {
  @Instant({ optional: true, description: 'Leaves out what was over by then; now when left out' })
  from?: Date;
}
