import { Int } from './fields/value.fields.js';
import { Pattern } from './fields/text.fields.js';

/** The largest amount in minor units that the money columns hold. */
export const LARGEST_AMOUNT = 1_000_000_000;

/** Money: an integer in minor units (cents) and its ISO 4217 currency. */
export class MoneyField {
  @Int({ min: 0, max: LARGEST_AMOUNT, description: 'In minor units: 8500 is $85.00', example: 8500 })
  amount!: number;

  @Pattern({ pattern: /^[A-Z]{3}$/, max: 3, example: 'USD' })
  currency!: string;

  static of(amount: number, currency: string): MoneyField {
    return Object.assign(new MoneyField(), { amount, currency });
  }
}
