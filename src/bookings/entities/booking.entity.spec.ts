import {
  CancellationWindowClosed,
  InvalidTransition,
  OtherCurrency,
  RescheduleLimit,
  RescheduleWindowClosed,
  TooEarly,
} from '../bookings.errors.js';
import { Booking, BOOKING_STATUSES, type BookingStatus } from './booking.entity.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const DAY = 24 * HOUR;

const START = new Date('2030-03-06T17:00:00Z');
const END = new Date('2030-03-06T18:00:00Z');
const LONG_BEFORE = new Date('2030-03-01T12:00:00Z');
const CONTACT = { name: 'Lawrei Beauty', phone: null, email: null };

const after = (instant: Date, ms: number) => new Date(instant.getTime() + ms);

/** An appointment as the database would give it back, of one hour and the usual deal. */
function booking(status: BookingStatus, fields: Partial<Booking> = {}): Booking {
  return Object.assign(Object.create(Booking.prototype) as Booking, {
    status,
    startsAt: START,
    endsAt: END,
    referenceStart: START,
    resourceId: 'grace',
    holdExpiresAt: status === 'held' ? after(LONG_BEFORE, 10 * MINUTE) : null,
    policySnapshot: {
      cancelNoticeHours: 24,
      rescheduleNoticeHours: 2,
      maxReschedules: 3,
      refundTiers: [],
      depositRefundable: false,
    },
    totalMinor: 8500,
    dueToConfirmMinor: 8500,
    currency: 'USD',
    paymentPolicy: 'full',
    ...{ paidMinor: 0, refundedMinor: 0 },
    paymentWaived: false,
    customerMoves: 0,
    revision: 1,
    ...fields,
  });
}

const placeAt = (startsAt: Date, resourceId = 'grace') => ({
  startsAt,
  endsAt: after(startsAt, HOUR),
  resourceId,
});

interface Transition {
  name: string;
  act: (one: Booking) => void;
  from: readonly BookingStatus[];
  to: BookingStatus | null;
}

const TRANSITIONS: readonly Transition[] = [
  { name: 'be confirmed', act: (one) => one.confirm(), from: ['held'], to: 'confirmed' },
  { name: 'have its payment waived', act: (one) => one.waivePayment(), from: ['held'], to: null },
  { name: 'expire', act: (one) => one.expire(), from: ['held'], to: 'expired' },
  {
    name: 'be cancelled by its customer',
    act: (one) => one.cancelByCustomer(LONG_BEFORE, 'ill', CONTACT),
    from: ['held', 'confirmed'],
    to: 'cancelled',
  },
  {
    name: 'be cancelled by staff',
    act: (one) => one.cancel(LONG_BEFORE, 'staff', 'closed'),
    from: ['held', 'confirmed'],
    to: 'cancelled',
  },
  {
    name: 'have its price changed',
    act: (one) => one.reprice({ amount: 5000, currency: 'USD' }, LONG_BEFORE),
    from: ['held', 'confirmed'],
    to: null,
  },
  { name: 'be moved by staff', act: (one) => one.allowMove(LONG_BEFORE), from: ['confirmed'], to: null },
  {
    name: 'be moved by its customer',
    act: (one) => one.allowCustomerMove(LONG_BEFORE, CONTACT),
    from: ['confirmed'],
    to: null,
  },
  { name: 'be completed', act: (one) => one.complete(START), from: ['confirmed'], to: 'completed' },
  {
    name: 'be marked as not come',
    act: (one) => one.markNoShow(after(START, 10 * MINUTE)),
    from: ['confirmed'],
    to: 'no_show',
  },
  {
    name: 'be corrected to completed',
    act: (one) => one.correct('completed', END),
    from: ['no_show'],
    to: 'completed',
  },
  {
    name: 'be corrected to no-show',
    act: (one) => one.correct('no_show', END),
    from: ['completed'],
    to: 'no_show',
  },
];

const TABLE = TRANSITIONS.flatMap((transition) =>
  BOOKING_STATUSES.map((status) => ({ ...transition, status, isAllowed: transition.from.includes(status) })),
);

describe('the life of a booking', () => {
  it.each(TABLE.filter(({ isAllowed }) => isAllowed))('$status may $name', ({ act, status, to }) => {
    const one = booking(status);
    act(one);
    expect(one.status).toBe(to ?? status);
  });

  it.each(TABLE.filter(({ isAllowed }) => !isAllowed))(
    '$status may not $name, and stays as it is',
    ({ act, status }) => {
      const one = booking(status);
      const before = { ...one };
      expect(() => act(one)).toThrow(InvalidTransition);
      expect({ ...one }).toEqual(before);
    },
  );

  it('has no end of its hold any more once it is confirmed', () => {
    const one = booking('held');
    one.confirm();
    expect(one.holdExpiresAt).toBeNull();
  });

  it('owes what is due and not yet paid, and nothing once that is waived', () => {
    const one = booking('held', { paidMinor: 4000, refundedMinor: 1000 });
    expect(one.amountDueMinor).toBe(5500);
    one.waivePayment();
    expect(one.amountDueMinor).toBe(0);
    expect(booking('confirmed', { paidMinor: 9000 }).amountDueMinor).toBe(0);
  });
});

describe('a hold', () => {
  const ends = after(LONG_BEFORE, 10 * MINUTE);

  it('reads as held until its last millisecond and as expired at its end, whether or not anybody swept', () => {
    const one = booking('held');
    expect(one.statusAt(after(ends, -1))).toBe('held');
    expect(one.statusAt(ends)).toBe('expired');
    expect(booking('confirmed', { holdExpiresAt: ends }).statusAt(END)).toBe('confirmed');
  });

  it('that ran out can neither be cancelled nor moved', () => {
    expect(() => booking('held').cancelByCustomer(ends, null, CONTACT)).toThrow(InvalidTransition);
    expect(() => booking('held').cancel(ends, 'staff', 'x')).toThrow(InvalidTransition);
    expect(() => booking('held').allowMove(ends)).toThrow(InvalidTransition);
  });

  it('can be given up by its customer even an hour before the start', () => {
    const now = after(START, -HOUR);
    const one = booking('held', { holdExpiresAt: after(now, MINUTE) });
    one.cancelByCustomer(now, null, CONTACT);
    expect(one).toMatchObject({ status: 'cancelled', cancelledBy: 'customer', cancelReason: null });
  });
});

describe('cancelling', () => {
  const closesAt = after(START, -DAY);

  it('is free for a customer exactly 24 hours before the start, and closed a millisecond later', () => {
    const inTime = booking('confirmed');
    inTime.cancelByCustomer(closesAt, 'ill', CONTACT);
    expect(inTime).toMatchObject({ status: 'cancelled', cancelledLate: false, cancelReason: 'ill' });

    const tooLate = booking('confirmed');
    expect(() => tooLate.cancelByCustomer(after(closesAt, 1), 'ill', CONTACT)).toThrow(
      CancellationWindowClosed,
    );
    expect(tooLate.status).toBe('confirmed');
  });

  it.each([
    ['customer', 0, false],
    ['customer', 1, true],
    ['staff', 1, true],
    ['calendar', DAY, true],
  ] as const)('by %s, %d ms after the window, is late: %s', (by, ms, late) => {
    const one = booking('confirmed');
    one.cancel(after(closesAt, ms), by, 'x');
    expect(one).toMatchObject({ status: 'cancelled', cancelledBy: by, cancelledLate: late });
  });

  it('follows the notice of the deal, not a rule of the day', () => {
    const policySnapshot = { ...booking('confirmed').policySnapshot, cancelNoticeHours: 48 };
    const one = booking('confirmed', { policySnapshot });
    expect(() => one.cancelByCustomer(after(START, -2 * DAY + 1), null, CONTACT)).toThrow(
      CancellationWindowClosed,
    );
  });
});

describe('moving', () => {
  it('is open to a customer exactly two hours before the start, and closed a millisecond later', () => {
    const closesAt = after(START, -2 * HOUR);
    booking('confirmed').allowCustomerMove(closesAt, CONTACT);
    expect(() => booking('confirmed').allowCustomerMove(after(closesAt, 1), CONTACT)).toThrow(
      RescheduleWindowClosed,
    );
    booking('confirmed').allowMove(after(closesAt, 1));
  });

  it('is open to a customer three times', () => {
    booking('confirmed', { customerMoves: 2 }).allowCustomerMove(LONG_BEFORE, CONTACT);
    expect(() => booking('confirmed', { customerMoves: 3 }).allowCustomerMove(LONG_BEFORE, CONTACT)).toThrow(
      RescheduleLimit,
    );
  });

  it('takes over time and person and counts a revision; only a customer’s own moves are counted', () => {
    const one = booking('confirmed');
    const next = after(START, 3 * DAY);
    one.moveTo(placeAt(next, 'hedy'), LONG_BEFORE, true);
    expect(one).toMatchObject({ ...placeAt(next, 'hedy'), referenceStart: next, revision: 2 });
    one.moveTo(placeAt(START), LONG_BEFORE, false);
    expect(one).toMatchObject({ ...placeAt(START), revision: 3, customerMoves: 1, status: 'confirmed' });
  });

  it('exactly 24 hours before makes the new start count for cancelling', () => {
    const one = booking('confirmed');
    const next = after(START, 10 * DAY);
    one.moveTo(placeAt(next), after(START, -DAY), true);
    expect(one.referenceStart).toEqual(next);
  });

  it('later than that keeps the old start for cancelling, and a second move does not launder it', () => {
    const one = booking('confirmed');
    const late = after(START, -DAY + 1);
    one.moveTo(placeAt(after(START, 10 * DAY)), late, true);
    expect(one.referenceStart).toEqual(START);

    one.moveTo(placeAt(after(START, 20 * DAY)), after(late, HOUR), true);
    expect(one).toMatchObject({ referenceStart: START, customerMoves: 2 });
    expect(() => one.cancelByCustomer(after(late, 2 * HOUR), null, CONTACT)).toThrow(
      CancellationWindowClosed,
    );

    one.cancel(after(late, 2 * HOUR), 'staff', 'x');
    expect(one.cancelledLate).toBe(true);
  });

  it('by the salon gives the customer the new start to count from', () => {
    const one = booking('confirmed');
    const next = after(START, 10 * DAY);
    one.moveTo(placeAt(next), after(START, -HOUR), false);
    expect(one).toMatchObject({ referenceStart: next, customerMoves: 0 });
  });
});

describe('another price', () => {
  it('comes too late for a hold that ran out, and must be in the money of the deal', () => {
    const one = booking('held');
    expect(() => one.reprice({ amount: 1, currency: 'USD' }, START)).toThrow(InvalidTransition);
    expect(() => one.reprice({ amount: 1, currency: 'EUR' }, LONG_BEFORE)).toThrow(OtherCurrency);
    expect(one).toMatchObject({ totalMinor: 8500, dueToConfirmMinor: 8500 });
  });
});

describe('the visit', () => {
  it('is over at its start at the earliest', () => {
    expect(() => booking('confirmed').complete(after(START, -1))).toThrow(TooEarly);
    booking('confirmed').complete(START);
  });

  it('was missed ten minutes after its start, not a millisecond sooner', () => {
    const graceEnds = after(START, 10 * MINUTE);
    expect(() => booking('confirmed').markNoShow(after(graceEnds, -1))).toThrow(TooEarly);
    booking('confirmed').markNoShow(graceEnds);
  });

  it.each([
    ['completed', 'no_show'],
    ['no_show', 'completed'],
  ] as const)(
    'can be corrected from %s to %s for seven days after its end, to the millisecond',
    (from, to) => {
      const lastMoment = after(END, 7 * DAY);
      const one = booking(from);
      one.correct(to, lastMoment);
      expect(one.status).toBe(to);
      expect(() => booking(from).correct(to, after(lastMoment, 1))).toThrow(InvalidTransition);
      expect(() => booking(from).correct(from, END)).toThrow(InvalidTransition);
    },
  );
});
