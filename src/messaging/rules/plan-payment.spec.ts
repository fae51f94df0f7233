import { planMessages } from './plan.js';
import { planMoneyMessages } from './plan-money.js';
import type { BookingFacts, MoneyFact, PlanEvent, PlanSnapshot } from './plan.types.js';

const at = (text: string): Date => new Date(text);
const NOW = at('2030-03-01T14:00:00Z');

interface Changes {
  readonly booking?: Partial<BookingFacts>;
  readonly customer?: Partial<PlanSnapshot['customer']>;
  readonly staff?: PlanSnapshot['staff'];
}

const snapshot = ({ booking, customer, staff }: Changes): PlanSnapshot => ({
  booking: {
    id: 'b1',
    status: 'confirmed',
    revision: 1,
    startsAt: at('2030-03-05T15:00:00Z'),
    createdAt: NOW,
    holdExpiresAt: null,
    isPaymentProcessing: false,
    isImported: false,
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
  staff: staff ?? [],
  isFirstConfirmed: false,
});

const plan = (changes: Changes, { kind }: Pick<PlanEvent, 'kind'>, now = NOW) =>
  planMessages({ id: 'event-1', kind, revision: 1, by: 'customer', at: NOW }, snapshot(changes), now);
const planMoney = (fact: MoneyFact, changes: Changes = {}) => planMoneyMessages(fact, snapshot(changes), NOW);

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

  it('is not nudged while the bank works on what was paid', () => {
    expect(plan({ booking: { ...booking, isPaymentProcessing: true } }, held)).toEqual([]);
  });
});

describe('a full payment', () => {
  const fact = { kind: 'payment.settled', paymentId: 'p1' } as const;

  it('is told after the confirmation', () => {
    expect(planMoney(fact)).toEqual([
      expect.objectContaining({ dedupeKey: 'paid:b1:sms', afterKey: 'confirm:b1:1:sms', paymentId: 'p1' }),
      expect.objectContaining({ dedupeKey: 'paid:b1:email', afterKey: 'confirm:b1:1:email' }),
    ]);
  });

  it('is not told for a booking that is gone', () => {
    expect(planMoney(fact, { booking: { status: 'cancelled' } })).toEqual([]);
    expect(planMoney(fact, { booking: { status: 'completed' } })).toHaveLength(2);
  });
});

describe('money that came too late', () => {
  const fact = { kind: 'payment.late', paymentId: 'p1' } as const;

  it.each(['held', 'expired', 'cancelled'] as const)(
    'for a booking that is %s is apologised for',
    (status) => {
      const startsAt = at('2030-03-01T12:00:00Z');
      expect(planMoney(fact, { booking: { status, startsAt } })).toEqual([
        expect.objectContaining({
          family: 'payment_late',
          channel: 'sms',
          dueAt: NOW,
          expiresAt: at('2030-03-02T14:00:00Z'),
          dedupeKey: 'late:p1:sms',
          paymentId: 'p1',
        }),
        expect.objectContaining({ channel: 'email', dedupeKey: 'late:p1:email' }),
      ]);
    },
  );

  it('is told by e-mail alone to whoever said STOP', () => {
    const keys = planMoney(fact, { customer: { optedOut: true } }).map(({ dedupeKey }) => dedupeKey);
    expect(keys).toEqual(['late:p1:email']);
  });
});

describe('a refund', () => {
  const fact = {
    kind: 'refund.settled',
    paymentId: 'p1',
    refundId: 'r1',
    state: 'succeeded',
    cause: 'cancellation',
    notBefore: null,
  } as const;
  const staff = [
    { accountId: 'a1', email: 'owner@example.com' },
    { accountId: 'a2', email: 'manager@example.com' },
  ];

  it('that arrived is told to the customer by e-mail, after the cancellation, and to nobody else', () => {
    expect(planMoney(fact, { booking: { status: 'cancelled' }, staff })).toEqual([
      expect.objectContaining({
        family: 'refund_succeeded',
        class: 'transactional',
        channel: 'email',
        to: 'ada@example.com',
        dedupeKey: 'refund:r1:succeeded',
        afterKey: 'cancel:b1:email',
        refundId: 'r1',
      }),
    ]);
    expect(planMoney(fact, { customer: { email: null }, staff })).toEqual([]);
  });

  it('that failed is told to the customer and alerts those who look after money', () => {
    expect(planMoney({ ...fact, state: 'failed' }, { staff })).toEqual([
      expect.objectContaining({ family: 'refund_failed', dedupeKey: 'refund:r1:failed' }),
      expect.objectContaining({
        family: 'staff_payment_task',
        class: 'staff',
        channel: 'email',
        to: 'owner@example.com',
        dedupeKey: 'staff:a1:refund:r1:failed',
        paymentId: 'p1',
        refundId: 'r1',
      }),
      expect.objectContaining({ to: 'manager@example.com', dedupeKey: 'staff:a2:refund:r1:failed' }),
    ]);
  });

  it('that was taken back at the provider alerts staff alone', () => {
    const families = planMoney({ ...fact, state: 'canceled' }, { staff }).map(({ family }) => family);
    expect(families).toEqual(['staff_payment_task', 'staff_payment_task']);
  });

  it('follows the apology for money that was late, and nothing where people gave back', () => {
    const after = (cause: 'late' | 'staff' | 'excess') => planMoney({ ...fact, cause })[0]?.afterKey;
    expect([after('late'), after('staff'), after('excess')]).toEqual(['late:p1:email', null, null]);
  });

  it('waits for the morning where its cancellation does, and lives a day from then', () => {
    const notBefore = at('2030-03-06T13:00:00Z');
    const [told] = planMoney({ ...fact, notBefore });
    expect(told).toMatchObject({ dueAt: notBefore, expiresAt: at('2030-03-07T13:00:00Z') });
    expect(planMoney({ ...fact, notBefore: at('2030-03-01T13:00:00Z') })[0]?.dueAt).toEqual(NOW);
  });
});
