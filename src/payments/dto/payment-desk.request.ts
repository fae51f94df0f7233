import { OneOf, Text } from '../../common/fields/text.fields.js';
import { Id, LocalDateField, Nested } from '../../common/fields/value.fields.js';
import { MoneyField } from '../../common/money.response.js';
import { PageQuery } from '../../common/page.js';
import { PAYMENT_TASK_STATES, type PaymentTaskState } from '../entities/payment-task.entity.js';
import {
  PAYMENT_PROVIDERS,
  PAYMENT_STATES,
  type PaymentProvider,
  type PaymentState,
} from '../entities/payment.entity.js';
import { SALON_METHODS, type SalonMethod } from '../salon-payments.service.js';

/** Which payments to list. */
export class PaymentsQuery extends PageQuery {
  @Id({ optional: true }) bookingId?: string;
  @Id({ optional: true }) customerId?: string;
  @OneOf(PAYMENT_STATES, { optional: true }) status?: PaymentState;
  @OneOf(PAYMENT_PROVIDERS, { optional: true }) provider?: PaymentProvider;
  @LocalDateField({ optional: true, description: 'First day, in the salon’s zone' }) from?: string;
  @LocalDateField({ optional: true, description: 'Last day, in the salon’s zone' }) to?: string;
}

/** What was paid at the salon. */
export class RecordPaymentRequest {
  @OneOf(SALON_METHODS, { description: '`terminal` is the salon’s own card terminal' }) method!: SalonMethod;
  @Nested(() => MoneyField, {
    optional: true,
    description:
      'What is due to confirm a held booking, or all that is open; left out: the deposit of a held booking that has one, else all that is open',
  })
  amount?: MoneyField;
}

/** Which tasks to list. */
export class PaymentTasksQuery extends PageQuery {
  @OneOf(PAYMENT_TASK_STATES, { optional: true }) state?: PaymentTaskState;
}

/** Somebody has seen to it. */
export class FinishTaskRequest {
  @Text({ max: 40, optional: true, description: 'What came of it', example: 'given back in cash' })
  outcome?: string;
}
