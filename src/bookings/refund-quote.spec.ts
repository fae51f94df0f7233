import { refundQuote, type RefundBasis } from './refund-quote.js';

const START = new Date('2030-03-06T17:00:00Z');
const HOUR_MS = 3_600_000;
const TIERS = [
  { hoursBefore: 24, percent: 100 },
  { hoursBefore: 4, percent: 50 },
  { hoursBefore: 0, percent: 0 },
];

interface Wishes extends Partial<RefundBasis> {
  tiers?: RefundBasis['policySnapshot']['refundTiers'];
  depositRefundable?: boolean;
}

/** A confirmed appointment of 85.00, paid in full, that gives back half of it until four hours before. */
function booking({ tiers = TIERS, depositRefundable = false, ...wishes }: Wishes = {}): RefundBasis {
  return {
    ...{ status: 'confirmed', paidMinor: 8500, refundedMinor: 0, dueToConfirmMinor: 8500, currency: 'USD' },
    ...{ paymentPolicy: 'full', referenceStart: START },
    policySnapshot: {
      ...{ cancelNoticeHours: 24, rescheduleNoticeHours: 2, maxReschedules: 3 },
      ...{ refundTiers: tiers, depositRefundable },
    },
    ...wishes,
  };
}
/** Of 85.00, of which 17.00 are the deposit. */
const withDeposit = (paidMinor: number, more: Wishes = {}) =>
  booking({ paymentPolicy: 'deposit', dueToConfirmMinor: 1700, paidMinor, ...more });
const before = (hours: number, ms = 0) => new Date(START.getTime() - hours * HOUR_MS + ms);

describe('what a cancellation gives back', () => {
  it.each<[string, Date, number, string]>([
    ['days before', before(72), 8500, 'tier'],
    ['exactly 24 hours before', before(24), 8500, 'tier'],
    ['a millisecond later', before(24, 1), 4250, 'tier'],
    ['exactly four hours before', before(4), 4250, 'tier'],
    ['a millisecond later than that', before(4, 1), 0, 'tier'],
    ['at the start', before(0), 0, 'tier'],
    ['after the start', before(-1), 0, 'tier'],
  ])('to a customer %s follows the tiers of the deal', (_, now, refundMinor, rule) => {
    expect(refundQuote(booking(), 'customer', now)).toMatchObject({
      ...{ refundMinor, keptMinor: 8500 - refundMinor, rule },
    });
  });

  it('follows the tiers in whatever order they stand, and gives nothing after the last of them', () => {
    const quote = (tiers: Wishes['tiers'], now: Date) =>
      refundQuote(booking(tiers ? { tiers } : {}), 'customer', now).refundMinor;
    expect(quote(TIERS.toReversed(), before(5))).toBe(4250);
    expect(quote([{ hoursBefore: 48, percent: 100 }], before(47))).toBe(0);
    expect(quote([], before(1_000))).toBe(0);
    expect(quote([{ hoursBefore: 0, percent: 100 }], before(0))).toBe(8500);
    expect(quote([{ hoursBefore: 0, percent: 100 }], before(0, 1))).toBe(0);
  });

  it('is everything when the salon cancels, even a deposit, even after the start', () => {
    for (const now of [before(72), before(1), before(-1)]) {
      const whole = { refundMinor: 8500, keptMinor: 0, rule: 'salon' };
      expect(refundQuote(booking(), 'salon', now)).toMatchObject(whole);
      expect(refundQuote(withDeposit(8500), 'salon', now)).toMatchObject(whole);
      expect(refundQuote(withDeposit(1700), 'salon', now)).toMatchObject({ refundMinor: 1700, keptMinor: 0 });
    }
  });

  it.each(['held', 'expired'] as const)('is everything of what was paid while it was %s', (status) => {
    expect(refundQuote(booking({ status, paidMinor: 3000 }), 'customer', before(1))).toMatchObject({
      ...{ refundMinor: 3000, keptMinor: 0, rule: 'never-confirmed' },
    });
    const deposit = refundQuote(withDeposit(1000, { status }), 'customer', before(1));
    expect(deposit).toMatchObject({ refundMinor: 1000, keptMinor: 0 });
  });

  it.each<[string, number, Date, number]>([
    ['the deposit alone, days before', 1700, before(72), 0],
    ['the deposit alone, an hour before', 1700, before(1), 0],
    ['all of it, days before', 8500, before(72), 6800],
    ['all of it, ten hours before', 8500, before(10), 3400],
    ['all of it, an hour before', 8500, before(1), 0],
  ])('keeps a deposit in and out of the window: %s', (_, paid, now, refundMinor) => {
    expect(refundQuote(withDeposit(paid), 'customer', now)).toMatchObject({
      ...{ refundMinor, keptMinor: paid - refundMinor, rule: 'deposit-kept' },
    });
  });

  it('gives a deposit back like everything else where the deal says so', () => {
    const quote = (now: Date) => refundQuote(withDeposit(1700, { depositRefundable: true }), 'customer', now);
    expect(quote(before(24))).toMatchObject({ refundMinor: 1700, keptMinor: 0, rule: 'tier' });
    expect(quote(before(10))).toMatchObject({ refundMinor: 850, keptMinor: 850 });
  });

  it.each<[string, Partial<RefundBasis>, Date, number]>([
    ['days before', { refundedMinor: 500 }, before(72), 8000],
    ['in the second tier', { refundedMinor: 500 }, before(10), 4000],
    ['by more than half, in the second tier', { refundedMinor: 8499 }, before(10), 1],
    ['in full', { refundedMinor: 8500 }, before(72), 0],
  ])('is never more than what is still here after a refund %s', (_, money, now, refundMinor) => {
    const { keptMinor, ...quote } = refundQuote(booking(money), 'customer', now);
    expect(quote).toMatchObject({ refundMinor });
    expect(refundMinor + keptMinor).toBe(8500 - (money.refundedMinor ?? 0));
  });

  it('of a deposit that partly went back already is what lies beyond the rest of it', () => {
    expect(refundQuote(withDeposit(1700, { refundedMinor: 1000 }), 'customer', before(72))).toMatchObject({
      ...{ refundMinor: 0, keptMinor: 700 },
    });
  });

  it('is nothing where nothing was paid', () => {
    for (const by of ['customer', 'salon'] as const)
      expect(refundQuote(booking({ paidMinor: 0 }), by, before(72))).toMatchObject({
        ...{ refundMinor: 0, keptMinor: 0, rule: 'nothing-paid' },
      });
  });

  it.each<[string, number, number, number]>([
    ['USD', 8501, 50, 4251], // 4250.5
    ['USD', 1, 50, 1],
    ['USD', 999, 33, 330], // 329.67
    ['USD', 150, 1, 2], // 1.5
    ['USD', 149, 1, 1], // 1.49
    ['JPY', 5001, 50, 2501],
    ['JPY', 1, 49, 0],
    ['KWD', 12_345, 50, 6170], // 6172.5, and the last digit must be 0
    ['KWD', 12_345, 10, 1240], // 1234.5
  ])('in %s: of %d, %d %% is %d minor units, halves up', (currency, paidMinor, percent, refundMinor) => {
    const tiers = [{ hoursBefore: 0, percent }];
    expect(refundQuote(booking({ currency, paidMinor, tiers }), 'customer', before(10))).toMatchObject({
      ...{ refundMinor, keptMinor: paidMinor - refundMinor },
    });
  });

  it('says why in words', () => {
    const said = (basis: RefundBasis, hours: number) =>
      refundQuote(basis, 'customer', before(hours)).explanation;
    expect(said(booking(), 30)).toBe('Cancelled 30 hours before the appointment: 100 % goes back.');
    expect(said(booking(), 1)).toBe('Cancelled 1 hour before the appointment: 0 % goes back.');
    expect(said(booking(), 0.5)).toBe('Cancelled less than an hour before the appointment: 0 % goes back.');
    expect(said(booking(), -1)).toBe('Cancelled after the appointment had begun: 0 % goes back.');
    expect(said(withDeposit(8500), 30)).toBe(
      'Cancelled 30 hours before the appointment: 100 % goes back; the deposit is kept.',
    );
  });
});
