import { Text } from '../../common/fields/text.fields.js';

/** Why the law wants somebody's data kept. */
export class HoldRequest {
  @Text({ max: 500, example: 'Case 17/2030 before the district court' }) reason!: string;
}
