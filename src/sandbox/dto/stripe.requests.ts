import { FieldRefused } from '../../common/domain-error.js';
import { OneOf, Pattern, Text } from '../../common/fields/text.fields.js';
import { TEST_METHOD_IDS } from '../emulator/stripe-cards.js';
import { OUTCOMES, REFUND_MOVES, VERDICTS } from '../emulator/stripe-controls.js';
import type { PaymentTarget } from '../sandbox.client.js';

/** Which payment is meant: exactly one of the three. */
export class StripeTargetRequest {
  @Text({ max: 100, optional: true, description: 'Stripe’s id of the payment', example: 'pi_1' })
  paymentIntent?: string;

  @Text({ max: 100, optional: true, description: 'Stripe’s id of the checkout', example: 'cs_test_1' })
  session?: string;

  @Text({ max: 100, optional: true, description: 'The newest payment of this booking that fits' })
  bookingId?: string;

  /** Throws when none or several were named. */
  toTarget(): PaymentTarget {
    const targets: PaymentTarget[] = [];
    if (this.paymentIntent !== undefined) targets.push({ paymentIntent: this.paymentIntent });
    if (this.session !== undefined) targets.push({ session: this.session });
    if (this.bookingId !== undefined) targets.push({ bookingId: this.bookingId });
    const [target] = targets;
    if (target === undefined || targets.length > 1) {
      throw new FieldRefused('', 'exactly-one', 'say exactly one of paymentIntent, session and bookingId');
    }
    return target;
  }
}

/** The customer tries to pay; a card that works when none is named. */
export class PayRequest extends StripeTargetRequest {
  @OneOf(TEST_METHOD_IDS, { optional: true, description: 'One of Stripe’s test payment methods' })
  paymentMethod?: string;
}

/** How what was waited for ends. */
export class PaymentOutcomeRequest extends StripeTargetRequest {
  @OneOf(OUTCOMES) outcome!: (typeof OUTCOMES)[number];
}

/** A dispute opens; with a verdict it ends. */
export class DisputeRequest extends StripeTargetRequest {
  @OneOf(VERDICTS, { optional: true, description: 'How the bank decides' })
  verdict?: (typeof VERDICTS)[number];
}

/** What the bank says about a refund. */
export class MoveRefundRequest {
  @Pattern({
    pattern: /^re_[A-Za-z0-9]+$/,
    max: 100,
    example: 're_1',
    description: 'Stripe’s id of the refund',
  })
  refund!: string;

  @OneOf(REFUND_MOVES) status!: (typeof REFUND_MOVES)[number];
}
