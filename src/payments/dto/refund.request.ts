import { OneOf, Text } from '../../common/fields/text.fields.js';
import { Nested } from '../../common/fields/value.fields.js';
import { MoneyField } from '../../common/money.response.js';

/** How much goes back, and why. */
export class RefundRequest {
  @Nested(() => MoneyField, { optional: true, description: 'Left out: all that is still here' })
  amount?: MoneyField;
  @Text({ max: 500 }) reason!: string;
}

/** What becomes of money that is not as it was asked for. */
export const MISMATCH_DECISIONS = ['accept', 'refund'] as const;
export type MismatchDecision = (typeof MISMATCH_DECISIONS)[number];

export class ResolveMismatchRequest {
  @OneOf(MISMATCH_DECISIONS, {
    description: '`accept`: it counts as what came; `refund`: all of it goes back',
  })
  action!: MismatchDecision;
}
