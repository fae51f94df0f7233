import ICAL from 'ical.js';
import type { EmailView } from '../../src/sandbox/emulator/mailbox.js';
import { theOwner } from '../support/factories.js';
import { at } from '../support/portal.js';
import { aGuestContact, asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

describe('e-mails about an appointment', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let mails: EmailView[];
  let bookingId: string;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app);
    const owner = app.as(await theOwner(app));
    const customer = { ...aGuestContact(), name: 'Ada <b>Lovelace</b>' };
    const booked = await bookAsGuest(app, salon, at(5, '10:00'), { customer });
    bookingId = booked.body.id;
    await app.effectsDone();
    const guest = await asGuestOf(app, booked);
    await guest.put(`/api/bookings/${bookingId}/reschedule`, { start: at(6, '15:00') });
    await app.effectsDone();
    await owner.post(`/admin/bookings/${bookingId}/cancel`, { reason: 'ill', onBehalfOf: 'customer' });
    await app.effectsDone();
    const all = (await app.sandbox.state({ to: customer.email })).emails;
    mails = all.filter(({ attachments }) => attachments.length > 0);
  });
  afterAll(() => app.stop());

  it('bring a file each, which makes, moves and removes one event in any calendar', () => {
    const calendar = new Map<string, { start: string; sequence: number }>();
    const shown = mails.map(({ attachments: [file], subject }) => {
      expect(file?.contentType).toBe('text/calendar');
      const component = new ICAL.Component(ICAL.parse(file?.content ?? ''));
      const event = new ICAL.Event(component.getFirstSubcomponent('vevent') ?? undefined);
      // What calendars do (RFC 5546 §2.1.5): the higher sequence wins, CANCEL takes the event away.
      const known = calendar.get(event.uid);
      expect(event.sequence).toBeGreaterThan(known?.sequence ?? 0);
      if (component.getFirstPropertyValue('method') === 'CANCEL') calendar.delete(event.uid);
      else
        calendar.set(event.uid, {
          start: event.startDate.toJSDate().toISOString(),
          sequence: event.sequence,
        });
      return [subject.split(':')[0], [...calendar.values()].map(({ start }) => start)];
    });
    expect(shown).toEqual([
      ['Confirmed', [new Date(at(5, '10:00')).toISOString()]],
      ['Moved', [new Date(at(6, '15:00')).toISOString()]],
      ['Cancelled', []],
    ]);
  });

  it('are known by the id of their row, and say the same as text and as a page', async () => {
    const rows = await app.sql<{ id: string }>(
      `select id from message where booking_id = $1 and channel = 'email' and class = 'transactional'`,
      [bookingId],
    );
    for (const { messageId } of mails)
      expect(rows.some(({ id }) => messageId?.startsWith(`<${id}@`))).toBe(true);
    const [first] = mails;
    const [text, html] = [first?.text, first?.html ?? ''];
    const words = html.replace(/<br>/g, '').replace(/^[\s\S]*<body[^>]*>|<[^>]+>/g, ' ');
    expect(text).toContain('Hi Ada <b>Lovelace</b>,');
    expect(words).toContain('Hi Ada &lt;b&gt;Lovelace&lt;/b&gt;,');
    const page = await app.as().get(`/sandbox/phone/mails/${first?.seq}`);
    expect([page.status, page.text, page.headers['content-security-policy']]).toEqual([
      200,
      html,
      expect.stringContaining("default-src 'none'"),
    ]);
    for (const none of ['0', 'x', '999999999'])
      expect((await app.as().get(`/sandbox/phone/mails/${none}`)).status).toBe(404);
  });
});
