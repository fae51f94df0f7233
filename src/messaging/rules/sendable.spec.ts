import * as fc from 'fast-check';
import { isWithinAllowedHours } from '../../common/time/allowed-hours.js';
import { MESSAGE_FAMILIES } from '../text/families.js';
import { consentRefusal } from './consent.js';
import { nextAllowed } from './quiet-hours.js';
import { isStillTrue, sendable, type MessageToSend, type SendSnapshot } from './sendable.js';

const at = (text: string): Date => new Date(text);
const START = at('2030-03-05T15:00:00Z');
/** Monday 4 March 2030, 10:00 in New York. */
const DUE = at('2030-03-04T15:00:00Z');
/** The same evening, 22:00. */
const NIGHT = at('2030-03-05T03:00:00Z');
const MORNING = at('2030-03-05T13:00:00Z');

const REMINDER: MessageToSend = {
  family: 'booking_reminder',
  class: 'reminder',
  channel: 'sms',
  revision: 1,
  dueAt: DUE,
  expiresAt: at('2030-03-05T14:30:00Z'),
};
const CONFIRMATION: MessageToSend = { ...REMINDER, family: 'booking_confirmed', class: 'transactional' };
const CANCELLATION: MessageToSend = { ...CONFIRMATION, family: 'booking_cancelled' };

const booking = {
  id: 'b1',
  status: 'confirmed',
  revision: 1,
  startsAt: START,
  createdAt: DUE,
  holdExpiresAt: null,
  isPaymentProcessing: false,
  isImported: false,
} as const;
const snapshot = (changes: Partial<SendSnapshot> = {}): SendSnapshot => ({
  booking,
  recipient: { timeZone: null, optedOut: false, consents: { transactional_sms: true, reminder_sms: true } },
  business: {
    timeZone: 'America/New_York',
    allowedFrom: '08:00',
    allowedTo: '21:00',
    remindDayBefore: true,
    remindTwoHours: false,
  },
  cause: null,
  ...changes,
});
const recipient = (changes: Partial<SendSnapshot['recipient']>): SendSnapshot =>
  snapshot({ recipient: { ...snapshot().recipient, ...changes } });

describe('a message about to be sent', () => {
  it('goes out when everything still holds', () => {
    expect(sendable(REMINDER, snapshot(), DUE)).toEqual({ outcome: 'send' });
    expect(sendable(CONFIRMATION, snapshot(), DUE)).toEqual({ outcome: 'send' });
  });

  it('waits for its time', () => {
    expect(sendable(REMINDER, snapshot(), new Date(DUE.getTime() - 1))).toEqual({
      outcome: 'wait',
      until: DUE,
    });
  });

  it.each(['cancelled', 'completed', 'no_show', 'expired', 'held'] as const)(
    'never reminds of a booking that is %s',
    (status) => {
      expect(sendable(REMINDER, snapshot({ booking: { ...booking, status } }), DUE)).toEqual({
        outcome: 'superseded',
        reason: 'booking-changed',
      });
    },
  );

  it('never tells a time that has changed since', () => {
    expect(sendable(REMINDER, snapshot({ booking: { ...booking, revision: 2 } }), DUE)).toMatchObject({
      outcome: 'superseded',
      reason: 'booking-changed',
    });
  });

  it('does not go to a number that said STOP, of whatever class', () => {
    for (const message of [REMINDER, CONFIRMATION, { ...REMINDER, family: 'manual' } as const]) {
      expect(sendable(message, recipient({ optedOut: true }), DUE)).toEqual({
        outcome: 'superseded',
        reason: 'opted-out',
      });
    }
    const email = { ...REMINDER, channel: 'email' } as const;
    expect(sendable(email, recipient({ optedOut: true }), DUE)).toEqual({ outcome: 'send' });
  });

  it('does not go out against a withdrawn consent', () => {
    const withdrawn = recipient({ consents: { transactional_sms: true, reminder_sms: false } });
    expect(sendable(REMINDER, withdrawn, DUE)).toMatchObject({ reason: 'consent-missing' });
    expect(sendable(CONFIRMATION, withdrawn, DUE)).toEqual({ outcome: 'send' });
  });

  it('is dropped when it comes too late to be of use', () => {
    expect(sendable(REMINDER, snapshot(), REMINDER.expiresAt)).toEqual({
      outcome: 'expired',
      reason: 'too-late',
    });
  });

  it('that is delayed into the night waits till morning', () => {
    expect(sendable(REMINDER, snapshot(), NIGHT)).toEqual({ outcome: 'wait', until: MORNING });
  });

  it('that would be useless by morning is dropped', () => {
    const message = { ...REMINDER, expiresAt: MORNING };
    expect(sendable(message, snapshot(), NIGHT)).toEqual({ outcome: 'expired', reason: 'quiet-hours' });
  });

  it('respects the recipient’s own clock', () => {
    expect(sendable(REMINDER, recipient({ timeZone: 'America/Los_Angeles' }), NIGHT)).toEqual({
      outcome: 'send',
    });
  });

  it('confirms at any hour', () => {
    expect(sendable(CONFIRMATION, snapshot(), NIGHT)).toEqual({ outcome: 'send' });
  });

  it('about a cancellation by the salon waits for the morning, one by the customer does not', () => {
    const gone = { ...booking, status: 'cancelled' } as const;
    const by = (who: 'customer' | 'salon') => snapshot({ booking: gone, cause: { by: who, at: NIGHT } });
    expect(sendable(CANCELLATION, by('customer'), NIGHT)).toEqual({ outcome: 'send' });
    const far = { ...gone, startsAt: at('2030-03-09T15:00:00Z') };
    const salon = snapshot({ booking: far, cause: { by: 'salon', at: NIGHT } });
    expect(sendable(CANCELLATION, salon, NIGHT)).toEqual({ outcome: 'wait', until: MORNING });
    expect(sendable(CANCELLATION, { ...salon, cause: null }, NIGHT)).toEqual({ outcome: 'send' });
  });

  it('without a booking is bound by consent and time only', () => {
    const none = snapshot({ booking: null });
    expect(sendable({ ...CONFIRMATION, family: 'test' }, none, DUE)).toEqual({ outcome: 'send' });
    expect(sendable(CONFIRMATION, none, DUE)).toMatchObject({ outcome: 'superseded' });
  });
});

describe('whether a message is still true', () => {
  it.each([
    ['confirmed', ['booking_confirmed', 'booking_reminder', 'booking_rescheduled', 'payment_settled']],
    ['held', ['booking_held']],
    ['cancelled', ['booking_cancelled']],
    ['completed', ['payment_settled']],
    ['no_show', []],
    ['expired', []],
  ] as const)('depends on the booking: %s', (status, families) => {
    const always = [
      'payment_late',
      'refund_succeeded',
      'refund_failed',
      'welcome',
      'one_time_code',
      'contact_changed',
      'contact_joined',
      'erasure_asked',
      'staff_booking_new',
      'staff_booking_moved',
      'staff_booking_cancelled',
      'staff_payment_task',
      'staff_calendar_broken',
      'staff_calendar_conflict',
      'manual',
      'test',
    ];
    const truthful = MESSAGE_FAMILIES.filter((family) =>
      isStillTrue({ family, revision: 1 }, { ...booking, status }),
    );
    expect([...truthful].sort()).toEqual([...families, ...always].sort());
  });

  it('does not ask for money that the bank is bringing', () => {
    const held = { ...booking, status: 'held', isPaymentProcessing: true } as const;
    expect(isStillTrue({ family: 'booking_held', revision: 1 }, held)).toBe(false);
  });

  it('does not depend on the revision where no time is told', () => {
    expect(isStillTrue({ family: 'payment_settled', revision: 1 }, { ...booking, revision: 2 })).toBe(true);
    expect(isStillTrue({ family: 'booking_confirmed', revision: 1 }, { ...booking, revision: 2 })).toBe(
      false,
    );
  });
});

describe('consent', () => {
  const nobodyAsked = { timeZone: null, optedOut: false, consents: {} };

  it.each([
    ['sms', 'transactional', null],
    ['sms', 'reminder', null],
    ['sms', 'marketing', 'consent-missing'],
    ['email', 'transactional', null],
    ['email', 'reminder', null],
    ['email', 'marketing', 'consent-missing'],
    ['email', 'staff', null],
  ] as const)('of somebody never asked, for %s %s: %s', (channel, kind, refusal) => {
    expect(consentRefusal(channel, kind, nobodyAsked)).toBe(refusal);
  });

  it('to marketing counts per channel', () => {
    const asked = { ...nobodyAsked, consents: { marketing_sms: true, marketing_email: false } };
    expect(consentRefusal('sms', 'marketing', asked)).toBeNull();
    expect(consentRefusal('email', 'marketing', asked)).toBe('consent-missing');
  });
});

describe('the next time somebody may be disturbed', () => {
  const hours = { from: '08:00', to: '21:00', zone: 'America/New_York' };

  it.each([
    ['2030-03-04T15:00:00Z', '2030-03-04T15:00:00Z'],
    ['2030-03-04T12:59:59Z', '2030-03-04T13:00:00Z'],
    ['2030-03-05T02:00:00Z', '2030-03-05T13:00:00Z'],
    ['2030-03-10T05:00:00Z', '2030-03-10T12:00:00Z'],
  ])('from %s on is %s', (now, next) => {
    expect(nextAllowed(at(now), hours)).toEqual(at(next));
  });

  it('is never in the past, never in the night, and never more than a day off', () => {
    const zones = ['America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Santiago'];
    fc.assert(
      fc.property(fc.integer({ min: 1.8e12, max: 2.2e12 }), fc.constantFrom(...zones), (ms, zone) => {
        const next = nextAllowed(new Date(ms), { ...hours, zone });
        expect(next.getTime()).toBeGreaterThanOrEqual(ms);
        expect(next.getTime() - ms).toBeLessThanOrEqual(12 * 3_600_000);
        expect(isWithinAllowedHours(next, { ...hours, zone })).toBe(true);
      }),
    );
  });
});
