import type { Money } from '../common/money.js';

/** What is paid before a booking is confirmed under policy `deposit`: a share, or an amount in the salon's currency. */
export interface Deposit {
  readonly percent?: number | null | undefined;
  readonly amount?: number | null | undefined;
}

/** What may be said about a service; left out at creation means the default, in a change that it stays. */
export interface ServiceChange {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly durationMinutes?: number | undefined;
  readonly bufferBeforeMinutes?: number | undefined;
  readonly bufferAfterMinutes?: number | undefined;
  readonly stepMinutes?: number | undefined;
  readonly price?: Money | undefined;
  readonly paymentPolicy?: 'full' | 'deposit' | 'none' | undefined;
  readonly deposit?: Deposit | null | undefined;
  readonly staffIds?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
}

/** A service as it begins. */
export interface NewService extends ServiceChange {
  readonly name: string;
  readonly durationMinutes: number;
  readonly price: Money;
}

/** What may be said about a staff member. */
export interface StaffChange {
  readonly name?: string | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly active?: boolean | undefined;
}

/** A service somebody offers, with their own duration and price (minor units) where these differ. */
export interface Offer {
  readonly serviceId: string;
  readonly durationMinutes?: number | null | undefined;
  readonly priceAmount?: number | null | undefined;
}
