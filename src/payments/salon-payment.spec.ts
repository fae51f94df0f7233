import { HoldExpired } from '../bookings/bookings.errors.js';
import type { BookingStatus } from '../bookings/entities/booking.entity.js';
import type { PaymentPurpose } from './entities/payment.entity.js';
import { AmountRefused, PaidInOtherCurrency, TakesNoMoney } from './payment-desk.errors.js';
import { NothingToPay } from './payments.errors.js';
import { amountTaken, purposeOf, type OwedBooking } from './salon-payment.js';

const NOW = new Date('2030-03-01T14:00:00Z');
const TOTAL = 8500;
const DEPOSIT = 1700;

interface Wishes {
  status?: BookingStatus;
  policy?: 'full' | 'deposit' | 'none';
  paid?: number;
  refunded?: number;
  due?: number;
  total?: number;
}

/** A booking of 85.00, of which 17.00 are the deposit. */
function owed({
  status = 'held',
  policy = 'full',
  paid = 0,
  refunded = 0,
  ...wishes
}: Wishes = {}): OwedBooking {
  const total = wishes.total ?? TOTAL;
  const due = wishes.due ?? { full: total, deposit: DEPOSIT, none: 0 }[policy];
  return {
    statusAt: () => status,
    totalMinor: total,
    netPaidMinor: paid - refunded,
    amountDueMinor: Math.max(0, due - paid),
    currency: 'USD',
    paymentPolicy: policy,
  };
}
const usd = (amount: number) => ({ amount, currency: 'USD' });
const withDeposit = { policy: 'deposit', status: 'held' } as const;
const depositPaid = { policy: 'deposit', status: 'confirmed', paid: DEPOSIT } as const;

describe('how much the salon takes at once', () => {
  it.each<[string, Wishes, number]>([
    ['all of a hold that wants all', {}, TOTAL],
    ['the deposit of a hold that wants one', withDeposit, DEPOSIT],
    ['the balance once the deposit is paid', depositPaid, TOTAL - DEPOSIT],
    ['all, where nothing was due', { policy: 'none', status: 'confirmed' }, TOTAL],
    ['all of what was waived, when they pay after all', { policy: 'deposit', status: 'confirmed' }, TOTAL],
    ['all after the visit', { policy: 'none', status: 'completed' }, TOTAL],
    ['all of a hold whose due was waived', { ...withDeposit, due: 0 }, TOTAL],
    ['what a higher price left open', { status: 'confirmed', paid: TOTAL, total: 9000 }, 500],
    ['again what went back', { status: 'confirmed', paid: TOTAL, refunded: 2000 }, 2000],
  ])('is %s', (_, wishes, amount) => expect(amountTaken(owed(wishes), null, NOW)).toBe(amount));

  it.each<[string, Wishes, number]>([
    ['everything instead of the deposit', withDeposit, TOTAL],
    ['the deposit by name', withDeposit, DEPOSIT],
    ['the balance by name', depositPaid, TOTAL - DEPOSIT],
  ])('may be %s', (_, wishes, amount) => expect(amountTaken(owed(wishes), usd(amount), NOW)).toBe(amount));

  it.each<[string, Wishes, number]>([
    ['a part of the deposit', withDeposit, DEPOSIT - 1],
    ['more than the deposit, less than all', withDeposit, DEPOSIT + 1],
    ['a part of the balance', depositPaid, 100],
    ['the deposit again', depositPaid, DEPOSIT],
    ['nothing', {}, 0],
    ['more than is open', {}, TOTAL + 1],
  ])('may not be %s', (_, wishes, amount) =>
    expect(() => amountTaken(owed(wishes), usd(amount), NOW)).toThrow(AmountRefused),
  );

  it('is in the money of the deal, for what is not paid, of a booking that stands', () => {
    expect(() => amountTaken(owed(), { amount: TOTAL, currency: 'EUR' }, NOW)).toThrow(PaidInOtherCurrency);
    expect(() => amountTaken(owed({ status: 'confirmed', paid: TOTAL }), null, NOW)).toThrow(NothingToPay);
    expect(() => amountTaken(owed({ total: 0, status: 'confirmed' }), null, NOW)).toThrow(NothingToPay);
    expect(() => amountTaken(owed({ status: 'expired' }), null, NOW)).toThrow(HoldExpired);
    expect(() => amountTaken(owed({ status: 'cancelled' }), null, NOW)).toThrow(TakesNoMoney);
  });
});

describe('what a payment at the salon is for', () => {
  it.each<[Wishes, number, PaymentPurpose[], PaymentPurpose]>([
    [{}, TOTAL, [], 'full'],
    [withDeposit, TOTAL, [], 'full'],
    [withDeposit, DEPOSIT, [], 'deposit'],
    [{ ...withDeposit, due: TOTAL }, TOTAL, [], 'full'],
    [depositPaid, TOTAL - DEPOSIT, ['deposit'], 'balance'],
    [{ status: 'confirmed', paid: TOTAL, total: 9000 }, 500, ['full'], 'balance'],
    [{ status: 'confirmed', paid: TOTAL, refunded: TOTAL }, TOTAL, ['full'], 'balance'],
    [{ status: 'confirmed', paid: 9000, total: 9500 }, 500, ['full', 'balance'], 'balance'],
  ])('%j, %d, with %j paid: %s', (wishes, amount, counted, purpose) =>
    expect(purposeOf(owed(wishes), amount, counted, NOW)).toBe(purpose),
  );
});
