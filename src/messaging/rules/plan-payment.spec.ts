import { planMessages } from './plan.js';
import type { BookingFacts, PlanEvent } from './plan.types.js';

const at = (text: string): Date => new Date(text);
const NOW = at('2030-03-01T14:00:00Z');

interface Changes {
  readonly booking?: Partial<BookingFacts>;
  readonly customer?: { readonly email: string | null };
}

const plan = ({ booking, customer }: Changes, { kind }: Pick<PlanEvent, 'kind'>, now = NOW) =>
  planMessages(
    { id: 'event-1', kind, revision: 1, by: 'customer', at: NOW },
    {
      booking: {
        id: 'b1',
        status: 'confirmed',
        revision: 1,
        startsAt: at('2030-03-05T15:00:00Z'),
        createdAt: NOW,
        holdExpiresAt: null,
        ...booking,
      },
      customer: {
        phone: '+15005550006',
        email: 'ada@example.com',
        timeZone: null,
        optedOut: false,
        consents: {},
        ...customer,
      },
      business: {
        timeZone: 'America/New_York',
        allowedFrom: '08:00',
        allowedTo: '21:00',
        remindDayBefore: true,
        remindTwoHours: false,
      },
      staff: [],
      isFirstConfirmed: false,
    },
    now,
  );

describe('a held booking', () => {
  const held = { kind: 'booking.held' } as const;
  const booking = { status: 'held', holdExpiresAt: at('2030-03-01T14:10:00Z') } as const;

  it('is nudged to pay two minutes after it was made, by e-mail only', () => {
    expect(plan({ booking }, held)).toEqual([
      expect.objectContaining({
        family: 'booking_held',
        channel: 'email',
        dueAt: at('2030-03-01T14:02:00Z'),
        expiresAt: at('2030-03-01T14:10:00Z'),
        dedupeKey: 'pay-nudge:b1',
      }),
    ]);
  });

  it('is nudged at once when planning comes late, and not after the hold', () => {
    const late = at('2030-03-01T14:05:00Z');
    expect(plan({ booking }, held, late)[0]?.dueAt).toEqual(late);
    expect(plan({ booking }, held, at('2030-03-01T14:10:00Z'))).toEqual([]);
  });

  it('is not nudged without an address, once paid, or when it never runs out', () => {
    expect(plan({ booking, customer: { email: null } }, held)).toEqual([]);
    expect(plan({ booking: { ...booking, status: 'confirmed' } }, held)).toEqual([]);
    expect(plan({ booking: { ...booking, holdExpiresAt: null } }, held)).toEqual([]);
  });
});

describe('a full payment', () => {
  it('is told after the confirmation', () => {
    const paid = plan({}, { kind: 'payment.settled' });
    expect(paid.map(({ dedupeKey, afterKey }) => [dedupeKey, afterKey])).toEqual([
      ['paid:b1:sms', 'confirm:b1:1:sms'],
      ['paid:b1:email', 'confirm:b1:1:email'],
    ]);
  });

  it('is not told for a booking that is gone', () => {
    expect(plan({ booking: { status: 'cancelled' } }, { kind: 'payment.settled' })).toEqual([]);
    expect(plan({ booking: { status: 'completed' } }, { kind: 'payment.settled' })).toHaveLength(2);
  });
});
