import { Business } from '../business/entities/business.entity.js';
import {
  cancellableUntil,
  dueAtPrice,
  dueToConfirm,
  holdUntil,
  movableUntil,
  referenceAfterMove,
  snapshotOf,
  type PolicySnapshot,
} from './policy.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

const POLICY: PolicySnapshot = {
  cancelNoticeHours: 24,
  rescheduleNoticeHours: 2,
  maxReschedules: 3,
  refundTiers: [],
  depositRefundable: false,
};
const salon = Object.assign(Object.create(Business.prototype) as Business, {
  ...POLICY,
  holdMinutes: 10,
  staffHoldHours: 24,
});

describe('what is due before a booking is confirmed', () => {
  it('is nothing, or the whole price', () => {
    expect(dueToConfirm(8500, { paymentPolicy: 'none', currency: 'USD' })).toBe(0);
    expect(dueToConfirm(8500, { paymentPolicy: 'full', currency: 'USD' })).toBe(8500);
    expect(dueToConfirm(0, { paymentPolicy: 'full', currency: 'USD' })).toBe(0);
  });

  it.each([
    [8500, 20, 1700],
    [8550, 33, 2822], // 2821.5
    [50, 1, 1], // half a cent
    [49, 1, 0],
    [1, 50, 1],
    [150, 33, 50], // 49.5
    [8500, 100, 8500],
    [0, 50, 0],
  ])('of %d is at %d percent deposit %d: half a cent rounds up', (total, depositPercent, due) => {
    expect(
      dueToConfirm(total, { paymentPolicy: 'deposit', depositPercent, depositMinor: null, currency: 'USD' }),
    ).toBe(due);
  });

  it.each([
    [8500, 2000, 2000],
    [2000, 2000, 2000],
    [1500, 2000, 1500],
    [0, 2000, 0],
  ])('of %d is with a deposit of %d no more than the price: %d', (total, depositMinor, due) => {
    expect(
      dueToConfirm(total, { paymentPolicy: 'deposit', depositPercent: null, depositMinor, currency: 'USD' }),
    ).toBe(due);
  });
});

describe('a deposit in a currency of another number of decimals', () => {
  it.each([
    ['JPY', 8501, 33, 2805], // 2805.33 yen
    ['JPY', 50, 1, 1],
    ['KWD', 8500, 33, 2810], // 2805 fils: the last must be 0
    ['KWD', 8480, 33, 2800], // 2798.4
    ['KWD', 100, 4, 0],
    ['KWD', 100, 5, 10],
  ])('is in %s of %d at %d percent %d', (currency, total, depositPercent, due) => {
    expect(dueToConfirm(total, { paymentPolicy: 'deposit', depositPercent, currency })).toBe(due);
  });
});

describe('what is due when an unpaid booking gets another price', () => {
  const due = (totalMinor: number, paymentPolicy: 'full' | 'deposit', terms: Partial<PolicySnapshot> = {}) =>
    dueAtPrice(totalMinor, {
      paymentPolicy,
      currency: 'USD',
      dueToConfirmMinor: 1700,
      policySnapshot: { ...POLICY, ...terms },
    });

  it('follows the terms of the deal', () => {
    expect(due(5000, 'full')).toBe(5000);
    expect(due(5000, 'deposit', { depositPercent: 20, depositMinor: null })).toBe(1000);
    expect(due(5000, 'deposit', { depositPercent: null, depositMinor: 2000 })).toBe(2000);
    expect(due(1500, 'deposit', { depositPercent: null, depositMinor: 2000 })).toBe(1500);
  });

  it('stays within the price when the deal does not say its terms, and is never forgotten', () => {
    expect(due(5000, 'deposit')).toBe(1700);
    expect(due(1000, 'deposit')).toBe(1000);
  });
});

describe('how long an unpaid booking is kept', () => {
  const now = new Date('2030-03-01T14:00:00Z');
  const kept = (startsInMinutes: number, asStaff: boolean) =>
    (holdUntil(now, new Date(now.getTime() + startsInMinutes * MINUTE), asStaff, salon).getTime() -
      now.getTime()) /
    MINUTE;

  it('is ten minutes for a customer, however far off the visit is', () => {
    expect([kept(121, false), kept(60 * 24 * 30, false)]).toEqual([10, 10]);
  });

  it.each([
    ['a week ahead: 24 hours', 7 * 1440, 1440],
    ['26 hours ahead: 24 hours', 26 * 60, 1440],
    ['a minute less than 26 hours ahead: until two hours before', 26 * 60 - 1, 1439],
    ['five hours ahead: until two hours before', 300, 180],
    ['two hours and ten minutes ahead: ten minutes', 130, 10],
    ['two hours ahead: still as long as a customer’s', 120, 10],
    ['now: still as long as a customer’s', 0, 10],
  ])('is for staff, %s', (_when, startsInMinutes, minutes) => {
    expect(kept(startsInMinutes, true)).toBe(minutes);
  });

  it('follows the salon’s settings', () => {
    const patient = Object.assign(Object.create(Business.prototype) as Business, {
      ...salon,
      holdMinutes: 30,
      staffHoldHours: 72,
    });
    const start = new Date('2030-03-20T14:00:00Z');
    expect(holdUntil(now, start, false, patient)).toEqual(new Date('2030-03-01T14:30:00Z'));
    expect(holdUntil(now, start, true, patient)).toEqual(new Date('2030-03-04T14:00:00Z'));
  });
});

describe('the deal', () => {
  it('keeps the rules of the day it was made, and nothing else of the salon', () => {
    const changing = Object.assign(Object.create(Business.prototype) as Business, salon);
    const service = { depositPercent: 20, depositMinor: null };
    const deal = snapshotOf(changing, service);
    changing.cancelNoticeHours = 72;
    service.depositPercent = 50;
    expect(deal).toEqual({ ...POLICY, depositPercent: 20, depositMinor: null });
  });

  it.each([
    ['the clocks go forward in New York', '2030-03-10T10:00:00-04:00', '2030-03-09T09:00:00-05:00'],
    ['the clocks go back in New York', '2030-11-03T10:00:00-05:00', '2030-11-02T11:00:00-04:00'],
    ['half an hour is lost on Lord Howe', '2030-10-06T10:00:00+11:00', '2030-10-05T09:30:00+10:30'],
  ])('counts 24 real hours on the day %s', (_what, start, closes) => {
    expect(cancellableUntil(new Date(start), POLICY)).toEqual(new Date(closes));
  });

  it('counts two real hours for a move, over the hour that is skipped as over the one that comes twice', () => {
    const forward = movableUntil(new Date('2030-03-10T03:30:00-04:00'), POLICY);
    const back = movableUntil(new Date('2030-11-03T02:30:00-05:00'), POLICY);
    expect(forward).toEqual(new Date('2030-03-10T00:30:00-05:00'));
    expect(back).toEqual(new Date('2030-11-03T01:30:00-04:00'));
  });

  it('judges a cancel by the new start only if the move was made in time', () => {
    const reference = new Date('2030-03-06T17:00:00Z');
    const newStart = new Date('2030-03-20T17:00:00Z');
    const closes = reference.getTime() - 24 * HOUR;
    expect(referenceAfterMove(reference, newStart, POLICY, new Date(closes))).toEqual(newStart);
    expect(referenceAfterMove(reference, newStart, POLICY, new Date(closes + 1))).toEqual(reference);
    expect(referenceAfterMove(reference, newStart, POLICY, new Date(closes + 48 * HOUR))).toEqual(reference);
  });
});
