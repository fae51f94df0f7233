import { Pattern } from '../../common/fields/text.fields.js';
import { Id, Instant } from '../../common/fields/value.fields.js';
import { PageQuery } from '../../common/page.js';

/** Which entries of the audit log to list. */
export class AuditQuery extends PageQuery {
  @Pattern({
    pattern: /^[a-z][a-z.-]{1,63}$/,
    max: 64,
    optional: true,
    description: 'What was done, in full',
    example: 'account.changed',
  })
  action?: string;
  @Id({ optional: true, description: 'Who did it: an account, a customer or a guest’s booking' })
  actorId?: string;
  @Id({ optional: true, description: 'What it was done to' }) subjectId?: string;
  @Instant({ optional: true, description: 'Not before; real time, whatever the sandbox’s clock says' })
  from?: Date;
  @Instant({ optional: true, description: 'Before; real time' }) to?: Date;
}
