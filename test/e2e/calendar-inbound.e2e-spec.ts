import { CalendarSync } from '../../src/calendar/calendar-sync.service.js';
import { CalendarWatching } from '../../src/calendar/calendar-watching.js';
import { SANDBOX_GOOGLE } from '../../src/sandbox/emulator/credentials.js';
import { calendarAt } from '../../src/sandbox/emulator/google.fixture.js';
import { theOwner } from '../support/factories.js';
import { at } from '../support/portal.js';
import { bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { OWNER_EMAIL, TestApp, waitFor, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

/** The Monday of the tests, by the hour. */
const monday = (hour: string) => at(4, hour);

describe('what staff do in Google Calendar', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  let calendar: string;
  beforeAll(async () => {
    app = await TestApp.start({ calendar: true });
    await app.sandbox.config({ stepMs: 1 });
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app, { staff: 1 });
    owner = app.as(await theOwner(app));
    const [row] = await app.sql<{ id: string }>('select id from calendar');
    calendar = row?.id ?? '';
    await app.get(CalendarWatching).watch();
    await waitFor(async () => (await app.sandbox.state()).channels.length === 1);
  });
  beforeEach(async () => {
    await app.timeIs(FRIDAY_9);
    await app.sandbox.clearFaults();
    await owner.patch('/admin/settings', { calendarMoves: 'apply', calendarDeletions: 'flag' });
  });
  afterEach(async () => {
    const open = await app.sql<{ id: string }>(`select id from booking where status = 'confirmed'`);
    for (const { id } of open)
      await owner.post(`/admin/bookings/${id}/cancel`, { reason: 'over', onBehalfOf: 'salon' });
    await app.effectsDone();
    for (const { calendarId, id: eventId } of (await app.sandbox.state()).events)
      await app.sandbox.deleteEvent({ calendarId, eventId });
    await app.get(CalendarSync).sync(calendar);
    await app.effectsDone();
  });
  afterAll(() => app.stop());

  const starts = async () => {
    const { body } = await app
      .as()
      .get(`/api/slots?serviceId=${salon.serviceId}&from=2030-03-04&to=2030-03-04`);
    return (body.days[0]?.slots ?? []).map(({ start }: { start: string }) => start.slice(11, 16));
  };
  const eventOf = async (id: string) =>
    (await app.sandbox.state()).events.find((event) => event.private['lawreiBooking'] === id);
  const booked = async (hour: string) => {
    const answer = await bookAsGuest(app, salon, monday(hour));
    if (answer.status !== 201) throw new Error(answer.text);
    const id = String(answer.body.id);
    await waitFor(async () => (await eventOf(id)) !== undefined);
    await app.effectsDone();
    return { id, eventId: String((await eventOf(id))?.id), phone: answer };
  };
  const bookingOf = async (id: string) => (await owner.get(`/admin/bookings/${id}`)).body;
  const conflictsOf = async (id: string) =>
    (await owner.get('/admin/calendar/conflicts?limit=100')).body.data.filter(
      ({ bookingId }: { bookingId: string }) => bookingId === id,
    );
  const drag = (eventId: string, from: string, to: string) =>
    app.sandbox.moveEvent({ eventId, start: monday(from), end: monday(to) });

  describe('takes their time here', () => {
    it('from when Google tells of it until it is gone, and nothing is kept but the time', async () => {
      expect(await starts()).toContain('11:00');
      const { eventId } = await app.sandbox.createEvent({
        start: monday('11:00'),
        end: monday('12:00'),
        summary: 'Visit to the dentist',
      });
      await waitFor(async () => !(await starts()).includes('11:00'));
      expect((await starts()).filter((start: string) => start >= '10:30' && start <= '12:00')).toEqual([
        '10:30',
        '12:00',
      ]);
      const refused = await bookAsGuest(app, salon, monday('11:30'));
      expect([refused.status, refused.body.code]).toEqual([409, 'slot-unavailable']);
      const dump = await app.sql(
        `select query_to_xml('select * from external_busy', true, true, '')::text as all`,
      );
      expect(JSON.stringify(dump)).not.toMatch(/dentist/i);
      await app.sandbox.deleteEvent({ eventId });
      await waitFor(async () => (await starts()).includes('11:00'));
    });

    it('not when the event says that it takes none', async () => {
      await app.sandbox.createEvent({
        start: monday('11:00'),
        end: monday('12:00'),
        transparency: 'transparent',
      });
      await app.get(CalendarSync).sync(calendar);
      expect(await starts()).toContain('11:00');
    });

    it('the whole local day when it is one of whole days', async () => {
      await app.sandbox.createEvent({ start: '2030-03-04', end: '2030-03-05' });
      await waitFor(async () => (await starts()).length === 0);
    });

    it('also when the push is lost: a look every ten minutes makes it good', async () => {
      await app.sandbox.faults([{ match: { provider: 'google' }, loseCallbacks: true }]);
      await app.sandbox.createEvent({ start: monday('14:00'), end: monday('15:00') });
      await app.effectsDone();
      expect(await starts()).toContain('14:00');
      await app.sql(`update calendar set synced_at = now() - interval '11 minutes'`);
      await app.get(CalendarWatching).poll();
      await waitFor(async () => !(await starts()).includes('14:00'));
    });

    it('and the answer says how fresh that is', async () => {
      await app.get(CalendarSync).sync(calendar);
      const { body } = await app
        .as()
        .get(`/api/slots?serviceId=${salon.serviceId}&from=2030-03-04&to=2030-03-04`);
      expect(Date.now() - Date.parse(body.meta.calendarSyncedAt)).toBeLessThan(60_000);
    });
  });

  describe('to an event of ours:', () => {
    it('dragged to a free time, the booking follows and the customer is told', async () => {
      const { id, eventId } = await booked('10:00');
      await drag(eventId, '15:00', '15:30');
      await waitFor(async () => (await bookingOf(id)).start === monday('15:00'));
      await app.effectsDone();
      expect(await bookingOf(id)).toMatchObject({ start: monday('15:00'), revision: 2 });
      expect(await eventOf(id)).toMatchObject({ start: monday('15:00'), private: { rev: '2' } });
      expect(await conflictsOf(id)).toMatchObject([{ kind: 'moved', resolution: 'applied' }]);
      const [{ phone } = { phone: '' }] = await app.sql<{ phone: string }>(
        'select phone from customer c join booking b on b.customer_id = c.id where b.id = $1',
        [id],
      );
      await waitFor(async () =>
        (await app.sandbox.state({ to: phone })).sms.some(({ body }) => /3:00 PM/.test(body)),
      );
    });

    it('dragged onto another booking, it goes back, and the card says why', async () => {
      const { id, eventId } = await booked('10:00');
      await booked('13:00');
      await drag(eventId, '13:00', '13:30');
      await waitFor(async () => (await conflictsOf(id))[0]?.resolution === 'reverted');
      expect(await conflictsOf(id)).toMatchObject([
        { kind: 'moved', reason: 'slot-unavailable', start: expect.any(String) },
      ]);
      expect([await bookingOf(id), await eventOf(id)]).toMatchObject([
        { start: monday('10:00') },
        { start: monday('10:00') },
      ]);
    });

    it('stretched, it goes back: a visit lasts as long as its service', async () => {
      const { id, eventId } = await booked('10:00');
      await drag(eventId, '10:00', '12:00');
      await waitFor(async () => (await conflictsOf(id))[0]?.reason === 'duration');
      await app.effectsDone();
      expect((await eventOf(id))?.end).toBe(monday('10:30'));
    });

    it('dragged, it goes back where the salon wants that, or waits for a person', async () => {
      await owner.patch('/admin/settings', { calendarMoves: 'revert' });
      const { id, eventId } = await booked('10:00');
      await drag(eventId, '15:00', '15:30');
      await waitFor(async () => (await conflictsOf(id))[0]?.resolution === 'reverted');
      expect((await eventOf(id))?.start).toBe(monday('10:00'));
      await owner.patch('/admin/settings', { calendarMoves: 'flag' });
      await drag(eventId, '16:00', '16:30');
      await waitFor(async () => (await conflictsOf(id))[0]?.resolution === null);
      const [card] = await conflictsOf(id);
      expect((await bookingOf(id)).start).toBe(monday('10:00'));
      const wrong = await owner.post(`/admin/calendar/conflicts/${card.id}/resolve`, { action: 'cancel' });
      const right = await owner.post(`/admin/calendar/conflicts/${card.id}/resolve`, { action: 'apply' });
      const again = await owner.post(`/admin/calendar/conflicts/${card.id}/resolve`, { action: 'apply' });
      expect([wrong.status, right.status, again.status]).toEqual([422, 200, 409]);
      expect([right.body.resolution, (await bookingOf(id)).start]).toEqual(['applied', monday('16:00')]);
    });

    it('dragged after the customer had moved, the customer’s wish stays', async () => {
      const { id, eventId } = await booked('10:00');
      await app.sandbox.faults([{ match: { provider: 'google', method: 'PATCH' }, status: 503 }]);
      await owner.put(`/admin/bookings/${id}/reschedule`, { start: monday('12:00') });
      await drag(eventId, '15:00', '15:30');
      await app.sandbox.clearFaults();
      await waitFor(async () => (await eventOf(id))?.start === monday('12:00'));
      expect((await bookingOf(id)).start).toBe(monday('12:00'));
    });

    it('deleted, a card waits: the booking is cancelled by a click, or the event comes back', async () => {
      const [one, two] = [await booked('10:00'), await booked('11:00')];
      for (const { eventId } of [one, two]) await app.sandbox.deleteEvent({ eventId });
      await waitFor(
        async () => (await conflictsOf(one.id)).length + (await conflictsOf(two.id)).length === 2,
      );
      await app.effectsDone();
      expect((await bookingOf(one.id)).status).toBe('confirmed');
      const [[first], [second]] = [await conflictsOf(one.id), await conflictsOf(two.id)];
      expect(first).toMatchObject({ kind: 'deleted', resolution: null });
      await owner.post(`/admin/calendar/conflicts/${first.id}/resolve`, { action: 'cancel' });
      await owner.post(`/admin/calendar/conflicts/${second.id}/resolve`, { action: 'restore' });
      expect([(await bookingOf(one.id)).status, (await eventOf(two.id))?.start]).toEqual([
        'cancelled',
        monday('11:00'),
      ]);
    });

    it('deleted, the booking is cancelled or the event comes back by itself, where the salon wants that', async () => {
      const one = await booked('10:00');
      await owner.patch('/admin/settings', { calendarDeletions: 'restore' });
      await app.sandbox.deleteEvent({ eventId: one.eventId });
      await waitFor(async () => (await conflictsOf(one.id))[0]?.resolution === 'restored');
      expect((await eventOf(one.id))?.start).toBe(monday('10:00'));
      await owner.patch('/admin/settings', { calendarDeletions: 'cancel' });
      await app.sandbox.deleteEvent({ eventId: one.eventId });
      await waitFor(async () => (await bookingOf(one.id)).status === 'cancelled');
      const [row] = await app.sql('select cancelled_by from booking where id = $1', [one.id]);
      expect(row).toEqual({ cancelled_by: 'calendar' });
    });

    it('cleared with six others, nothing is cancelled: a person decides', async () => {
      const many = [];
      for (const hour of ['09:00', '10:00', '11:00', '12:00', '13:00', '14:00'])
        many.push(await booked(hour));
      await owner.patch('/admin/settings', { calendarDeletions: 'cancel' });
      await app.sandbox.faults([{ match: { provider: 'google' }, loseCallbacks: true }]);
      for (const { eventId } of many) await app.sandbox.deleteEvent({ eventId });
      await app.get(CalendarSync).sync(calendar);
      await app.effectsDone();
      for (const { id } of many) expect((await bookingOf(id)).status).toBe('confirmed');
      expect(
        (await owner.get('/admin/calendar/conflicts?state=open')).body.data.length,
      ).toBeGreaterThanOrEqual(6);
    });
  });

  describe('is put right when it was done by one of us who was too slow:', () => {
    const google = () => calendarAt(app.config.google.apiBase ?? '');
    const hours = (from: string, to: string) => ({
      start: { dateTime: monday(from) },
      end: { dateTime: monday(to) },
    });
    const marks = (lawreiBooking: string, from: string, to: string) => {
      const [lawreiStart, lawreiEnd] = [monday(from), monday(to)];
      return { private: { lawreiBooking, rev: '1', hash: 'of before', lawreiStart, lawreiEnd } };
    };

    it('an event that says what the booking was before', async () => {
      const { id, eventId } = await booked('10:00');
      const requestBody = { ...hours('16:00', '16:30'), extendedProperties: marks(id, '16:00', '16:30') };
      await google().events.patch({ calendarId: SANDBOX_GOOGLE.calendarId, eventId, requestBody });
      await waitFor(async () => (await eventOf(id))?.start === monday('10:00'));
      expect((await bookingOf(id)).start).toBe(monday('10:00'));
    });

    it('an event in a calendar that the booking has left', async () => {
      const { id, eventId } = await booked('10:00');
      const [connection] = await app.sql<{ id: string }>('select id from calendar_connection');
      await app.sandbox.addCalendar({ id: 'left@example.com' });
      const path = `/admin/calendar/connections/${connection?.id}`;
      await owner.post(`${path}/calendars`, { googleId: 'left@example.com' });
      const requestBody = {
        id: eventId,
        ...hours('10:00', '10:30'),
        extendedProperties: marks(id, '10:00', '10:30'),
      };
      await google().events.insert({ calendarId: 'left@example.com', requestBody });
      await owner.post(`${path}/sync`);
      const everywhere = async () =>
        (await app.sandbox.state()).events.filter((event) => event.private['lawreiBooking'] === id);
      await waitFor(async () => (await everywhere()).length === 1);
      expect(await everywhere()).toMatchObject([{ calendarId: SANDBOX_GOOGLE.calendarId }]);
    });
  });

  it('over a booking is a card, never a cancellation, until one of the two gives way', async () => {
    const { id } = await booked('10:00');
    const { eventId } = await app.sandbox.createEvent({ start: monday('09:00'), end: monday('11:00') });
    await waitFor(async () => (await conflictsOf(id)).length === 1);
    expect(await conflictsOf(id)).toMatchObject([{ kind: 'overlap', resolution: null }]);
    expect((await bookingOf(id)).status).toBe('confirmed');
    await app.effectsDone();
    const { emails } = await app.sandbox.state({ to: OWNER_EMAIL });
    expect(emails.at(-1)?.subject).toMatch(
      /^Calendar and booking disagree: Haircut \w+ on Monday, March 4 at 10:00 AM$/,
    );
    await app.sandbox.deleteEvent({ eventId });
    await waitFor(async () => (await conflictsOf(id))[0]?.resolution === 'gone');
  });
});
