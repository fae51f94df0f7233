import { SANDBOX_GOOGLE } from '../../src/sandbox/emulator/credentials.js';
import { calendarAt } from '../../src/sandbox/emulator/google.fixture.js';
import { theOwner } from '../support/factories.js';
import { addContact, at, portal, somebody } from '../support/portal.js';
import { openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const TRAINEE = { email: 'trainee@example.com', responseStatus: 'accepted' };

describe('what an event says of its customer', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  let google: ReturnType<typeof calendarAt>;
  beforeAll(async () => {
    app = await TestApp.start({ calendar: true });
    await app.sandbox.config({ stepMs: 1 });
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app, { staff: 8 });
    owner = app.as(await theOwner(app));
    google = calendarAt(app.config.google.apiBase ?? '');
  });
  afterAll(() => app.stop());

  const targetOf = (bookingId: string) => ({
    calendarId: SANDBOX_GOOGLE.calendarId,
    eventId: `lr${bookingId.replaceAll('-', '')}`,
  });
  const eventOf = async (bookingId: string) => (await google.events.get(targetOf(bookingId))).data;
  const someoneWithEvent = async (wish?: object) => {
    const person = await somebody(app, salon);
    if (wish) await person.caller.put(portal(person.id, '/consents'), wish);
    const [staffId] = salon.staffIds;
    const { serviceId } = salon;
    const booked = await person.caller.post('/api/bookings', {
      serviceId,
      staffId,
      start: at(5, nextHour()),
    });
    if (booked.status !== 201) throw new Error(booked.text);
    await app.effectsDone();
    return { ...person, bookingId: String(booked.body.id) };
  };
  let hour = 8;
  const nextHour = () => `${String((hour += 1)).padStart(2, '0')}:00`;

  it('invites those who asked for it, silently, and nobody else', async () => {
    const [asked, other, never] = [
      await someoneWithEvent({ calendar_invitation: true }),
      await someoneWithEvent({ calendar_invitation: false }),
      await someoneWithEvent(),
    ];
    const { email, attendees } = {
      email: asked.email,
      attendees: (await eventOf(asked.bookingId)).attendees,
    };
    expect(attendees).toEqual([{ email, displayName: expect.any(String) }]);
    for (const { bookingId } of [other, never])
      expect((await eventOf(bookingId)).attendees ?? []).toEqual([]);
  });

  it('follows a new name, a new address and the wish to be left out, and leaves the others who come', async () => {
    const { id, caller, bookingId, email } = await someoneWithEvent({ calendar_invitation: true });
    const attendees = [{ email, responseStatus: 'tentative' }, TRAINEE];
    await google.events.patch({ ...targetOf(bookingId), requestBody: { attendees } });
    await caller.patch(portal(id, '/profile'), { name: 'Ada King' });
    await app.effectsDone();
    expect(await eventOf(bookingId)).toMatchObject({
      summary: expect.stringContaining('Ada King'),
      attendees: [{ email, displayName: 'Ada King', responseStatus: 'tentative' }, TRAINEE],
    });
    await owner.patch(`/admin/customers/${id}`, { email: 'ada.king@example.com' });
    await app.effectsDone();
    expect(await eventOf(bookingId)).toMatchObject({
      description: expect.stringContaining('ada.king@example.com'),
      attendees: [{ email: 'ada.king@example.com', displayName: 'Ada King' }, TRAINEE],
    });
    await caller.put(portal(id, '/consents'), { calendar_invitation: false });
    await app.effectsDone();
    const left = await eventOf(bookingId);
    expect([left.attendees, left.extendedProperties?.private?.['lawreiGuest']]).toEqual([[TRAINEE], '']);
  });

  it('follows a contact that the customer proves, and asks Google nothing where nothing changed', async () => {
    const { id, caller, bookingId } = await someoneWithEvent();
    await addContact(app, caller, id, 'sms', '+14155550177');
    await app.effectsDone();
    await waitFor(async () => ((await eventOf(bookingId)).description ?? '').includes('+14155550177'));
    const from = (await app.sandbox.log()).next;
    await caller.put(portal(id, '/consents'), { marketing_email: true });
    await app.effectsDone();
    const { entries } = await app.sandbox.log(from);
    expect(entries.filter(({ kind }) => kind === 'google.event')).toEqual([]);
  });
});
