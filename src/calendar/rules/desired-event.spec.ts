import { desiredEvent, eventIdOf, type EventFacts } from './desired-event.js';

const FACTS: EventFacts = {
  ...{
    bookingId: '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55',
    reference: 'K7QF2M',
    revision: 2,
    status: 'confirmed',
  },
  ...{ startsAt: new Date('2030-03-10T13:30:00Z'), endsAt: new Date('2030-03-10T14:15:00Z') },
  ...{
    serviceName: 'Haircut',
    staffName: 'Grace',
    totalMinor: 8500,
    currency: 'USD',
    paymentStatus: 'deposit_paid',
  },
  customer: { name: 'Ada', phone: '+12125550100', email: 'ada@example.com' },
  ...{ isInvited: false, details: 'contact' },
  salon: { name: 'Salon', address: 'Main Street 1', timeZone: 'America/New_York', locale: 'en-US' },
};
const wanted = (change: Partial<EventFacts> = {}) => desiredEvent({ ...FACTS, ...change });

describe('what an event says', () => {
  it('is the appointment in the salon’s zone, on the day clocks change too', () => {
    expect(wanted()?.body).toMatchObject({
      summary: 'Haircut – Ada',
      location: 'Main Street 1',
      description:
        'Haircut, 45 minutes, with Grace\nCustomer: Ada\nContact: +12125550100, ada@example.com\nPrice: $85.00, deposit paid\nReference: K7QF2M',
      start: { dateTime: '2030-03-10T09:30:00-04:00', timeZone: 'America/New_York' },
      end: { dateTime: '2030-03-10T10:15:00-04:00' },
      reminders: [
        { method: 'email', minutes: 1440 },
        { method: 'popup', minutes: 30 },
      ],
      attendees: [],
    });
  });

  it('invites who wants it in their own calendar, where there is an address', () => {
    expect(wanted({ isInvited: true })?.body.attendees).toEqual([
      { email: 'ada@example.com', displayName: 'Ada' },
    ]);
    const customer = { ...FACTS.customer, email: null };
    expect(wanted({ isInvited: true, customer })?.body.attendees).toEqual([]);
  });

  it('names the customer, how to reach them, or neither', () => {
    const texts = (['service', 'name', 'contact'] as const).map((details) => {
      const body = wanted({ details })?.body;
      return [
        body?.summary,
        /Customer: Ada/.test(body?.description ?? ''),
        /Contact/.test(body?.description ?? ''),
      ];
    });
    expect(texts).toEqual([
      ['Haircut', false, false],
      ['Haircut – Ada', true, false],
      ['Haircut – Ada', true, true],
    ]);
  });

  it('is nothing for what is no appointment, and takes no time when nobody came', () => {
    expect(['held', 'expired', 'cancelled'].map((status) => wanted({ status }))).toEqual([null, null, null]);
    expect(wanted({ status: 'no_show' })?.body).toMatchObject({
      summary: 'No-show: Haircut – Ada',
      transparency: 'transparent',
    });
  });

  it('has another fingerprint when it says something else, and the same whenever it does not', () => {
    const hashes = new Set([
      wanted()?.hash,
      wanted({ revision: 3 })?.hash,
      wanted({ startsAt: new Date('2030-03-10T13:00:00Z') })?.hash,
      wanted({ paymentStatus: 'paid' })?.hash,
      wanted({ status: 'completed' })?.hash,
    ]);
    expect(hashes.size).toBe(3);
  });

  it('has an id of the letters Google takes', () => {
    expect(eventIdOf(FACTS.bookingId)).toMatch(/^[a-v0-9]{34}$/);
  });
});
