import { createHash } from 'node:crypto';
import { planMessages } from './plan.js';
import type { BookingFacts, CustomerFacts, PlanEvent, PlanSnapshot } from './plan.types.js';

const at = (text: string): Date => new Date(text);
/** Friday 1 March 2030, 09:00 in New York. */
const NOW = at('2030-03-01T14:00:00Z');
const START = at('2030-03-05T15:00:00Z');
const DAY_BEFORE = at('2030-03-04T15:00:00Z');

const event = (changes: Partial<PlanEvent> = {}): PlanEvent => ({
  id: 'event-1',
  kind: 'booking.confirmed',
  revision: 1,
  by: 'customer',
  at: NOW,
  ...changes,
});

interface Changes {
  readonly booking?: Partial<BookingFacts>;
  readonly customer?: Partial<CustomerFacts>;
  readonly business?: Partial<PlanSnapshot['business']>;
  readonly staff?: PlanSnapshot['staff'];
  readonly isFirstConfirmed?: boolean;
}

const snapshot = (changes: Changes = {}): PlanSnapshot => ({
  booking: {
    id: 'b1',
    status: 'confirmed',
    revision: 1,
    startsAt: START,
    createdAt: NOW,
    holdExpiresAt: null,
    isPaymentProcessing: false,
    isImported: false,
    ...changes.booking,
  },
  customer: {
    phone: '+15005550006',
    email: 'ada@example.com',
    timeZone: null,
    optedOut: false,
    consents: { transactional_sms: true, reminder_sms: true },
    ...changes.customer,
  },
  business: {
    timeZone: 'America/New_York',
    allowedFrom: '08:00',
    allowedTo: '21:00',
    remindDayBefore: true,
    remindTwoHours: false,
    ...changes.business,
  },
  staff: changes.staff ?? [],
  isFirstConfirmed: changes.isFirstConfirmed ?? false,
});

const plan = (changes: Changes = {}, of: Partial<PlanEvent> = {}, now = NOW) =>
  planMessages(event(of), snapshot(changes), now);
const keys = (...args: Parameters<typeof plan>) => plan(...args).map(({ dedupeKey }) => dedupeKey);
const reminderOf = (...args: Parameters<typeof plan>) =>
  plan(...args).find(({ class: kind }) => kind === 'reminder');

describe('a confirmed booking', () => {
  it('is told by text and e-mail at once, and reminded of the day before', () => {
    expect(plan()).toEqual([
      {
        family: 'booking_confirmed',
        class: 'transactional',
        channel: 'sms',
        to: '+15005550006',
        bookingId: 'b1',
        revision: 1,
        dueAt: NOW,
        expiresAt: START,
        dedupeKey: 'confirm:b1:1:sms',
        afterKey: null,
      },
      expect.objectContaining({ channel: 'email', to: 'ada@example.com', dedupeKey: 'confirm:b1:1:email' }),
      {
        family: 'booking_reminder',
        class: 'reminder',
        channel: 'sms',
        to: '+15005550006',
        bookingId: 'b1',
        revision: 1,
        dueAt: DAY_BEFORE,
        expiresAt: at('2030-03-05T14:30:00Z'),
        dedupeKey: 'remind:b1:24h:1',
        afterKey: null,
      },
    ]);
  });

  it('planned twice gives the same keys', () => {
    expect(keys()).toEqual(keys());
  });

  it.each([
    ['refused texts', { consents: { transactional_sms: false } }, ['confirm:b1:1:email', 'remind:b1:24h:1']],
    ['said STOP', { optedOut: true }, ['confirm:b1:1:email', 'remind:b1:24h:1']],
    ['gave no phone', { phone: null }, ['confirm:b1:1:email', 'remind:b1:24h:1']],
    ['gave no e-mail', { email: null }, ['confirm:b1:1:sms', 'remind:b1:24h:1']],
    ['was never asked', { consents: {} }, ['confirm:b1:1:sms', 'confirm:b1:1:email', 'remind:b1:24h:1']],
    ['gave nothing', { phone: null, email: null }, []],
  ])('of somebody who %s', (_, customer, expected) => {
    expect(keys({ customer })).toEqual(expected);
  });

  it('is not announced once it is cancelled or no longer confirmed', () => {
    for (const status of ['held', 'cancelled', 'completed', 'no_show', 'expired'] as const) {
      expect(plan({ booking: { status } })).toEqual([]);
    }
  });

  it('that has already moved again is announced by the move, and reminded of under the newer revision', () => {
    expect(keys({ booking: { revision: 2 } })).toEqual(['remind:b1:24h:2']);
  });

  it('is still announced an hour after a start that is near or past', () => {
    const [text] = plan({ booking: { startsAt: at('2030-03-01T13:50:00Z') } });
    expect(text?.expiresAt).toEqual(at('2030-03-01T15:00:00Z'));
  });

  it('is told to staff by e-mail, once each per event', () => {
    const staff = [
      { accountId: 'a1', email: 'grace@example.com' },
      { accountId: 'a2', email: 'owner@example.com' },
    ];
    expect(plan({ staff }).filter(({ class: kind }) => kind === 'staff')).toEqual([
      expect.objectContaining({
        family: 'staff_booking_new',
        channel: 'email',
        to: 'grace@example.com',
        dedupeKey: 'staff:a1:event-1',
        expiresAt: at('2030-03-02T14:00:00Z'),
      }),
      expect.objectContaining({ to: 'owner@example.com', dedupeKey: 'staff:a2:event-1' }),
    ]);
  });

  it('as the first one welcomes the customer after the confirmation, once per contact and without spelling it out', () => {
    const hash = (contact: string) => createHash('sha256').update(contact).digest('hex');
    const welcomes = plan({ isFirstConfirmed: true }).filter(({ family }) => family === 'welcome');
    expect(welcomes.map(({ dedupeKey, afterKey }) => [dedupeKey, afterKey])).toEqual([
      [`welcome:${hash('+15005550006')}:sms`, 'confirm:b1:1:sms'],
      [`welcome:${hash('ada@example.com')}:email`, 'confirm:b1:1:email'],
    ]);
  });

  it('that was made in another system is told to nobody again, and reminded of all the same', () => {
    const imported = { booking: { isImported: true }, isFirstConfirmed: true };
    expect(plan(imported).map(({ family }) => family)).toEqual(['booking_reminder']);
  });
});

describe('a reminder', () => {
  it.each([
    ['clocks go forward', '2030-03-10T13:30:00Z', '2030-03-09T14:30:00Z', 23],
    ['clocks go back', '2030-11-03T14:30:00Z', '2030-11-02T13:30:00Z', 25],
    ['nothing changes', '2030-06-12T13:30:00Z', '2030-06-11T13:30:00Z', 24],
  ])('of 09:30 comes at 09:30 the day before when %s', (_, start, due, hours) => {
    const reminder = reminderOf({ booking: { startsAt: at(start) } });
    expect(reminder?.dueAt).toEqual(at(due));
    expect((at(start).getTime() - at(due).getTime()) / 3_600_000).toBe(hours);
  });

  it('is left out when its time is past at planning, and kept in its last minute', () => {
    expect(reminderOf({}, {}, new Date(DAY_BEFORE.getTime() + 1))).toBeUndefined();
    expect(reminderOf({}, {}, DAY_BEFORE)?.dueAt).toEqual(DAY_BEFORE);
  });

  it.each([
    ['07:15', '2030-03-05T12:15:00Z', '2030-03-04T13:00:00Z'],
    ['22:30', '2030-03-06T03:30:00Z', '2030-03-05T01:59:00Z'],
    ['20:59', '2030-03-06T01:59:00Z', '2030-03-05T01:59:00Z'],
  ])('of %s comes when the customer may be disturbed', (_, start, due) => {
    expect(reminderOf({ booking: { startsAt: at(start) } })?.dueAt).toEqual(at(due));
  });

  it('respects the customer’s own clock, and the salon’s calendar', () => {
    const reminder = reminderOf({ customer: { timeZone: 'America/Los_Angeles' } });
    expect(reminder?.dueAt).toEqual(at('2030-03-04T16:00:00Z'));
  });

  it('moved to an evening that is already over is left out', () => {
    const booking = { startsAt: at('2030-03-03T03:30:00Z') };
    expect(reminderOf({ booking }, {}, at('2030-03-02T02:30:00Z'))).toBeUndefined();
  });

  it('goes as e-mail when no text is possible, and not at all without an address', () => {
    expect(reminderOf({ customer: { consents: { reminder_sms: false } } })).toMatchObject({
      channel: 'email',
      to: 'ada@example.com',
      dedupeKey: 'remind:b1:24h:1',
    });
    expect(reminderOf({ customer: { optedOut: true, email: null } })).toBeUndefined();
  });

  it('can be switched off', () => {
    expect(reminderOf({ business: { remindDayBefore: false } })).toBeUndefined();
  });

  it('two hours before is a text only, where the salon wants it', () => {
    const business = { remindDayBefore: false, remindTwoHours: true };
    expect(reminderOf({ business })).toMatchObject({
      channel: 'sms',
      dueAt: at('2030-03-05T13:00:00Z'),
      dedupeKey: 'remind:b1:2h:1',
    });
    expect(reminderOf({ business, customer: { phone: null } })).toBeUndefined();
  });

  it('two hours before an early start is left out when nobody may be disturbed before it', () => {
    const business = { remindDayBefore: false, remindTwoHours: true };
    expect(reminderOf({ business, booking: { startsAt: at('2030-03-05T12:30:00Z') } })).toBeUndefined();
    expect(reminderOf({ business, booking: { startsAt: at('2030-03-05T13:20:00Z') } })).toBeUndefined();
    expect(reminderOf({ business, booking: { startsAt: at('2030-03-05T13:45:00Z') } })?.dueAt).toEqual(
      at('2030-03-05T13:00:00Z'),
    );
  });
});

describe('a moved booking', () => {
  const moved = { kind: 'booking.rescheduled', revision: 2 } as const;

  it('is told of at once and reminded of anew', () => {
    const staff = [{ accountId: 'a1', email: 'grace@example.com' }];
    expect(keys({ booking: { revision: 2 }, staff }, moved)).toEqual([
      'moved:b1:2:sms',
      'moved:b1:2:email',
      'remind:b1:24h:2',
      'staff:a1:event-1',
    ]);
  });

  it('moved once more meanwhile is told of by the later move', () => {
    expect(keys({ booking: { revision: 3 } }, moved)).toEqual(['remind:b1:24h:3']);
  });

  it('back to its old day is reminded of again: every move has its own key', () => {
    const perRevision = [1, 2, 3].map((revision) => reminderOf({ booking: { revision } })?.dedupeKey);
    expect(new Set(perRevision).size).toBe(3);
  });

  it('cancelled meanwhile is not told of', () => {
    expect(plan({ booking: { status: 'cancelled', revision: 2 } }, moved)).toEqual([]);
  });
});

describe('a cancelled booking', () => {
  const booking = { status: 'cancelled' } as const;
  const cancelled = { kind: 'booking.cancelled' } as const;
  /** Friday 23:00 in New York. */
  const night = at('2030-03-02T04:00:00Z');
  const morning = at('2030-03-02T13:00:00Z');
  const dueOf = (changes: Changes, of: Partial<PlanEvent>, now: Date) => [
    ...new Set(plan(changes, { ...cancelled, ...of }, now).map(({ dueAt }) => dueAt.toISOString())),
  ];

  it('is told by text and e-mail, for a day even after the start', () => {
    const messages = plan({ booking: { ...booking, startsAt: NOW } }, cancelled);
    expect(messages.map(({ dedupeKey }) => dedupeKey)).toEqual(['cancel:b1:sms', 'cancel:b1:email']);
    expect(messages[0]).toMatchObject({ dueAt: NOW, expiresAt: at('2030-03-02T14:00:00Z') });
  });

  it('by the customer is told at once, at any hour', () => {
    expect(dueOf({ booking }, { at: night }, night)).toEqual([night.toISOString()]);
  });

  it('by the salon at night waits till morning', () => {
    expect(dueOf({ booking }, { by: 'salon', at: night }, night)).toEqual([morning.toISOString()]);
    const early = at('2030-03-02T10:00:00Z');
    expect(dueOf({ booking }, { by: 'salon', at: early }, early)).toEqual([morning.toISOString()]);
  });

  it('by the salon in the daytime is told at once', () => {
    expect(dueOf({ booking }, { by: 'salon' }, NOW)).toEqual([NOW.toISOString()]);
  });

  it('by the salon at night is told at once when the start is less than twelve hours away', () => {
    const near = { ...booking, startsAt: at('2030-03-02T15:59:59Z') };
    expect(dueOf({ booking: near }, { by: 'salon', at: night }, night)).toEqual([night.toISOString()]);
    const far = { ...booking, startsAt: at('2030-03-02T16:00:00Z') };
    expect(dueOf({ booking: far }, { by: 'salon', at: night }, night)).toEqual([morning.toISOString()]);
  });

  it('by the customer long ago, told late at night, waits till morning as well', () => {
    const longAgo = new Date(night.getTime() - 15 * 60_000 - 1);
    expect(dueOf({ booking }, { at: longAgo }, night)).toEqual([morning.toISOString()]);
  });

  it('that was only held is not told of, nor one that lives again', () => {
    expect(plan({ booking }, { ...cancelled, fromHold: true })).toEqual([]);
    expect(plan({}, cancelled)).toEqual([]);
  });
});
