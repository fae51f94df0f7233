import ICAL from 'ical.js';
import { invitationFor } from '../messaging/rules/invitation.js';
import type { MessageFamily } from '../messaging/text/families.js';
import { calendarFileOf } from './calendar-file.js';

const FACTS = {
  booking: {
    id: '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55',
    revision: 2,
    startsAt: new Date('2030-03-10T06:30:00Z'),
    endsAt: new Date('2030-03-10T07:30:00Z'),
    serviceName:
      'Wash, cut; and "blow-dry" with a name that is longer than one line of such a file may be — ü',
  },
  guest: { name: 'Ada "the Countess"; Lovelace, O’Neil', email: 'ada@example.com' },
  business: { name: 'Lawrei Beauty', address: '1 Main Street\nNew York' },
  ...{ host: 'salon.example', now: new Date('2030-03-01T14:00:00Z') },
};

/** Read by Mozilla's library, strictly: it throws on what it does not understand. */
async function read(family: MessageFamily, change: Partial<typeof FACTS> = {}) {
  const invitation = invitationFor(family, { ...FACTS, ...change });
  if (!invitation) throw new Error('no invitation');
  const text = await calendarFileOf(invitation, 'Lawrei Beauty <hello@salon.example>');
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(text).not.toMatch(/[^\r]\n/);
  ICAL.design.strict = true;
  const calendar = new ICAL.Component(ICAL.parse(text));
  const parts = calendar.getAllSubcomponents('vevent');
  expect(parts).toHaveLength(1);
  const event = new ICAL.Event(parts[0]);
  const said = (name: string) => String(event.component.getFirstPropertyValue(name));
  return { method: calendar.getFirstPropertyValue('method'), event, said };
}

describe('the file that an e-mail brings for calendars', () => {
  it('says when and where the appointment is, and who comes, in words that stay whole', async () => {
    const { method, event, said } = await read('booking_confirmed');
    expect([method, said('status'), said('sequence'), event.uid]).toEqual([
      'REQUEST',
      'CONFIRMED',
      '2',
      '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55@salon.example',
    ]);
    expect([event.startDate.toJSDate(), event.endDate.toJSDate(), said('dtstamp')]).toEqual([
      FACTS.booking.startsAt,
      FACTS.booking.endsAt,
      '2030-03-01T14:00:00Z',
    ]);
    expect([event.summary, event.location]).toEqual([
      `${FACTS.booking.serviceName} – Lawrei Beauty`,
      FACTS.business.address,
    ]);
    const [guest] = event.attendees;
    expect([
      event.organizer,
      String(guest?.getFirstValue()).toLowerCase(),
      guest?.getFirstParameter('partstat'),
    ]).toEqual(['mailto:hello@salon.example', 'mailto:ada@example.com', 'ACCEPTED']);
  });

  it('is of one event through its whole life, each word later than the one before', async () => {
    const moved = { booking: { ...FACTS.booking, revision: 3 } };
    const all = [
      await read('booking_confirmed'),
      await read('booking_rescheduled', moved),
      await read('booking_cancelled', moved),
    ];
    expect(new Set(all.map(({ event }) => event.uid)).size).toBe(1);
    expect(all.map(({ method, said }) => [method, said('sequence'), said('status')])).toEqual([
      ['REQUEST', '2', 'CONFIRMED'],
      ['REQUEST', '3', 'CONFIRMED'],
      ['CANCEL', '4', 'CANCELLED'],
    ]);
  });

  it('comes with no other e-mail: who has it would take it for news of the time', () => {
    for (const family of ['booking_reminder', 'payment_settled', 'staff_booking_new', 'welcome'] as const)
      expect(invitationFor(family, FACTS)).toBeNull();
  });
});
