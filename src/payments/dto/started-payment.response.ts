import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { PAYMENT_STATES, type PaymentState } from '../entities/payment.entity.js';
import type { StartedPayment } from '../payments.service.js';

/** A payment for the client's own form: give `clientSecret` to Stripe.js. */
export class StartedPaymentResponse {
  @Out.id() paymentId!: string;
  @Out.oneOf(PAYMENT_STATES) status!: PaymentState;
  @Out.object(() => MoneyField) amount!: MoneyField;
  @Out.text({ description: 'For the payer’s browser alone', example: 'pi_3Q…_secret_…' })
  clientSecret!: string;
  @Out.text({ example: 'pk_live_…' }) publishableKey!: string;

  static from({ payment, truth, publishableKey }: StartedPayment): StartedPaymentResponse {
    return {
      paymentId: payment.id,
      status: payment.state,
      amount: MoneyField.of(payment.amountMinor, payment.currency),
      clientSecret: truth.clientSecret ?? '',
      publishableKey,
    };
  }
}

/** A payment on the provider's page: send the payer to `url`. */
export class StartedCheckoutResponse {
  @Out.id() paymentId!: string;
  @Out.text({
    description: 'The page; good until `expiresAt`',
    example: 'https://checkout.stripe.com/c/pay/cs_…',
  })
  url!: string;
  @Out.instant() expiresAt!: string;

  static from({ payment, truth, closesAt }: StartedPayment): StartedCheckoutResponse {
    return {
      paymentId: payment.id,
      url: truth.url ?? '',
      expiresAt: (closesAt ?? payment.askedAt).toISOString(),
    };
  }
}
