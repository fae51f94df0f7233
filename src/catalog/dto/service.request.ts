import { OneOf, Text } from '../../common/fields/text.fields.js';
import { Bool, IdList, Int, Nested } from '../../common/fields/value.fields.js';
import { LARGEST_AMOUNT, MoneyField } from '../../common/money.response.js';
import type { Deposit, NewService, ServiceChange } from '../catalog.types.js';
import { LONGEST_SERVICE_MINUTES, PAYMENT_POLICIES, type PaymentPolicy } from '../entities/service.entity.js';

const STAFF = { optional: true, description: 'Everyone who offers it, in place of those before' };
const PAYMENT = {
  optional: true,
  description: 'What must be paid before a booking is confirmed; `full` when left out at creation',
};
const DEPOSIT = { optional: true, nullable: true, description: 'With paymentPolicy `deposit`' };

/** What is paid beforehand: a share of the price, or an amount in the salon's currency. */
export class DepositField implements Deposit {
  @Int({ min: 1, max: 100, optional: true, example: 30 }) percent?: number;
  @Int({ min: 1, max: LARGEST_AMOUNT, optional: true, description: 'In minor units' }) amount?: number;
}

/** A new service. */
export class CreateServiceRequest implements NewService {
  @Text({ max: 120, example: 'Haircut' }) name!: string;
  @Text({ min: 0, max: 2_000, optional: true }) description?: string;
  @Int({ min: 5, max: LONGEST_SERVICE_MINUTES, example: 60 }) durationMinutes!: number;
  @Int({ min: 0, max: 240, optional: true, default: 0, description: 'Preparation before the visit' })
  bufferBeforeMinutes?: number;
  @Int({ min: 0, max: 240, optional: true, default: 0, description: 'Tidying up after the visit' })
  bufferAfterMinutes?: number;
  @Int({
    min: 5,
    max: 240,
    optional: true,
    default: 30,
    description: 'Distance between the starts that are offered',
  })
  stepMinutes?: number;
  @Nested(() => MoneyField) price!: MoneyField;
  @OneOf(PAYMENT_POLICIES, PAYMENT) paymentPolicy?: PaymentPolicy;
  @Nested(() => DepositField, DEPOSIT) deposit?: DepositField | null;
  @IdList(STAFF) staffIds?: string[];
}

/** What changes; existing bookings keep what they were made with. */
export class ChangeServiceRequest implements ServiceChange {
  @Text({ max: 120, optional: true, example: 'Haircut' }) name?: string;
  @Text({ min: 0, max: 2_000, optional: true }) description?: string;
  @Int({ min: 5, max: LONGEST_SERVICE_MINUTES, optional: true, example: 60 }) durationMinutes?: number;
  @Int({ min: 0, max: 240, optional: true }) bufferBeforeMinutes?: number;
  @Int({ min: 0, max: 240, optional: true }) bufferAfterMinutes?: number;
  @Int({ min: 5, max: 240, optional: true }) stepMinutes?: number;
  @Nested(() => MoneyField, { optional: true }) price?: MoneyField;
  @OneOf(PAYMENT_POLICIES, PAYMENT) paymentPolicy?: PaymentPolicy;
  @Nested(() => DepositField, DEPOSIT) deposit?: DepositField | null;
  @IdList(STAFF) staffIds?: string[];
  @Bool({ optional: true, description: 'false: no new bookings' }) active?: boolean;
}
