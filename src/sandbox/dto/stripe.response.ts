import { Out } from '../../common/fields/response.fields.js';
import type { DisputeOutcome, PaymentOutcome, RefundOutcome } from '../emulator/stripe-controls.js';
import type { PaymentView } from '../emulator/stripe-view.js';

/** A payment as Stripe knows it, or a checkout nobody has tried to pay in yet; `at` is real time. */
export class SandboxPaymentResponse {
  @Out.instant() at!: string;
  @Out.text({ nullable: true, example: 'pi_1' }) paymentIntent!: string | null;
  @Out.text({ nullable: true, example: 'cs_test_1' }) session!: string | null;
  @Out.int({ description: 'In minor units' }) amount!: number;
  @Out.text({ example: 'usd' }) currency!: string;
  @Out.text({ description: 'Stripe’s word for it', example: 'succeeded' }) status!: string;
  @Out.int({ description: 'In minor units, given back or on its way' }) refunded!: number;
  @Out.text({ nullable: true, description: 'The booking it is for' }) bookingId!: string | null;
  @Out.text({ nullable: true, description: 'The page a person can pay on, while there is one' })
  payUrl!: string | null;

  static from({ seq: _, metadata, ...shown }: PaymentView): SandboxPaymentResponse {
    const bookingId = metadata['bookingId'] ?? null;
    return Object.assign(new SandboxPaymentResponse(), { ...shown, bookingId });
  }
}

/** Where a payment stands now; the last three say why the last try failed. */
export class PaymentOutcomeResponse {
  @Out.text({ example: 'pi_1' }) paymentIntent!: string;
  @Out.text({ nullable: true, example: 'cs_test_1' }) session!: string | null;
  @Out.text({ example: 'succeeded' }) status!: string;
  @Out.text({ nullable: true, example: 'card_declined' }) errorCode!: string | null;
  @Out.text({ nullable: true, example: 'insufficient_funds' }) declineCode!: string | null;
  @Out.text({ nullable: true }) message!: string | null;

  static from({ error, ...outcome }: PaymentOutcome): PaymentOutcomeResponse {
    return Object.assign(new PaymentOutcomeResponse(), {
      ...outcome,
      errorCode: error?.code ?? null,
      declineCode: error?.declineCode ?? null,
      message: error?.message ?? null,
    });
  }
}

/** A refund after the bank has decided. */
export class RefundOutcomeResponse {
  @Out.text({ example: 're_1' }) refund!: string;
  @Out.text({ example: 'succeeded' }) status!: string;

  static from(outcome: RefundOutcome): RefundOutcomeResponse {
    return Object.assign(new RefundOutcomeResponse(), outcome);
  }
}

/** A dispute as it stands. */
export class DisputeOutcomeResponse {
  @Out.text({ example: 'dp_1' }) dispute!: string;
  @Out.text({ example: 'needs_response' }) status!: string;

  static from(outcome: DisputeOutcome): DisputeOutcomeResponse {
    return Object.assign(new DisputeOutcomeResponse(), outcome);
  }
}
