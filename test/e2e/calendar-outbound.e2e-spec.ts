import { WORKER } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { BookingMoves } from '../../src/bookings/booking-moves.service.js';
import { CalendarReconciling } from '../../src/calendar/calendar-reconciling.service.js';
import { CalendarSweeper } from '../../src/calendar/calendar-sweeper.js';
import { Database } from '../../src/database/database.service.js';
import { Forgetting } from '../../src/privacy/forgetting.service.js';
import { SANDBOX_GOOGLE } from '../../src/sandbox/emulator/credentials.js';
import type { EventView } from '../../src/sandbox/emulator/google-controls.js';
import { calendarAt } from '../../src/sandbox/emulator/google.fixture.js';
import { aStaffAccount, theOwner } from '../support/factories.js';
import { at } from '../support/portal.js';
import { asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const { calendarId } = SANDBOX_GOOGLE;

describe('a booking in Google Calendar', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ calendar: true });
    await app.sandbox.config({ stepMs: 1 });
    salon = await openSalon(app, { staff: 30 });
    owner = app.as(await theOwner(app));
  });
  beforeEach(async () => {
    await app.timeIs(FRIDAY_9);
    await app.sandbox.clearFaults();
  });
  afterAll(() => app.stop());

  let count = 0;
  const booked = async (more: object = {}) => {
    count += 1;
    const day = 4 + (count % 6);
    const [staffId] = salon.staffIds;
    const answer = await bookAsGuest(app, salon, at(day, `${10 + Math.floor(count / 6)}:00`), {
      staffId,
      ...more,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return { id: String(answer.body.id), answer, day };
  };
  const eventsOf = async (bookingId: string): Promise<EventView[]> =>
    (await app.sandbox.state()).events.filter((event) => event.private['lawreiBooking'] === bookingId);
  const inSync = async (bookingId: string, isRight: (events: EventView[]) => boolean) => {
    await waitFor(async () => isRight(await eventsOf(bookingId)));
    await app.effectsDone();
    return eventsOf(bookingId);
  };
  const isThere = (events: EventView[]) => events.length === 1;
  const callsSince = async (from: number) => {
    const { entries } = await app.sandbox.log(from);
    return entries.filter(({ kind }) => kind === 'google.event').length;
  };
  const markOf = async (id: string) => (await owner.get(`/admin/bookings/${id}`)).body.calendarEventId;

  it('appears once it is confirmed, moves with it and goes with it', async () => {
    const { id, answer, day } = await booked();
    const [event] = await inSync(id, isThere);
    expect(event).toMatchObject({
      calendarId,
      id: `lr${id.replaceAll('-', '')}`,
      summary: expect.stringMatching(/^Haircut \w+ – Ada Lovelace$/),
      start: answer.body.start,
      end: answer.body.end,
      timeZone: 'America/New_York',
      attendees: [],
      transparency: 'opaque',
    });
    expect(event?.description).toMatch(
      /^Haircut \w+, 30 minutes, with Stylist \d+\nCustomer: Ada Lovelace\nContact: \+1555\d+, ada-\S+\nPrice: \$85\.00, unpaid\nReference: \w{6}$/,
    );
    expect(await markOf(id)).toBe(event?.id);
    const guest = await asGuestOf(app, answer);
    const moved = await guest.put(`/api/bookings/${id}/reschedule`, { start: at(day, '15:00') });
    expect(moved.status).toBe(200);
    const [after] = await inSync(id, ([found]) => found?.start === at(day, '15:00'));
    expect(after).toMatchObject({ id: event?.id, private: { rev: '2' } });
    await owner.post(`/admin/bookings/${id}/cancel`, { reason: 'closed', onBehalfOf: 'salon' });
    expect(await inSync(id, (events) => events.length === 0)).toEqual([]);
    expect(await markOf(id)).toBeNull();
  });

  it('says no more of a customer than the salon wants', async () => {
    await owner.patch('/admin/settings', { calendarDetails: 'service' });
    const { id } = await booked();
    const [event] = await inSync(id, isThere);
    await owner.patch('/admin/settings', { calendarDetails: 'contact' });
    expect(`${event?.summary} ${event?.description}`).not.toMatch(/Ada|ada-|\+1555/);
  });

  it('does not change the booking’s version: who read it before may still change it', async () => {
    const { id, answer } = await booked();
    await inSync(id, isThere);
    expect(answer.body.version).toBe((await owner.get(`/admin/bookings/${id}`)).body.version);
  });

  it('stands in the calendar of the person who does it, and changes over when that person does', async () => {
    const [first = '', second = ''] = salon.staffIds;
    await app.sandbox.addCalendar({ id: 'grace@example.com' });
    const [connection] = await app.sql<{ id: string }>('select id from calendar_connection');
    await app.sql(
      `insert into calendar (id, connection_id, google_id, resource_id, is_target) values ($1, $2, 'grace@example.com', $3, true)`,
      [newId(), connection?.id, second],
    );
    const { id, day } = await booked({ staffId: first });
    await inSync(id, ([event]) => event?.calendarId === calendarId);
    await owner.put(`/admin/bookings/${id}/reschedule`, { start: at(day, '17:00'), staffId: second });
    const events = await inSync(id, ([event]) => event?.calendarId === 'grace@example.com');
    expect(events).toHaveLength(1);
    expect(await markOf(id)).toBe(events[0]?.id);
  });

  describe('is there once', () => {
    it('when Google’s answer was lost', async () => {
      await app.sandbox.faults([
        { match: { provider: 'google', method: 'POST', path: '/events' }, times: 2, reset: 'after' },
      ]);
      const { id } = await booked();
      expect(await inSync(id, isThere)).toHaveLength(1);
      await waitFor(async () => (await markOf(id)) !== null);
    });

    it('when it had been deleted under the same id before', async () => {
      const { id } = await booked();
      const [event] = await inSync(id, isThere);
      await app.sandbox.deleteEvent({ eventId: event?.id ?? '' });
      expect((await owner.put(`/admin/calendar/update-event/${id}`)).status).toBe(200);
      expect(await eventsOf(id)).toHaveLength(1);
    });

    it('when twenty want to write it at the same moment, while it moves', async () => {
      const { id, day } = await booked();
      const reconciling = app.get(CalendarReconciling);
      const all = Array.from({ length: 20 }, () => reconciling.reconcile(id, true));
      await owner.put(`/admin/bookings/${id}/reschedule`, { start: at(day, '16:00') });
      await Promise.all(all);
      const events = await inSync(id, ([event]) => event?.start === at(day, '16:00'));
      expect(events).toHaveLength(1);
      const [link] = await app.sql('select etag, claim from calendar_link where booking_id = $1', [id]);
      expect(link).toEqual({ etag: events[0]?.etag, claim: null });
    });
  });

  it('says again what it is after somebody wrote over it, and leaves everything else to them', async () => {
    const { id } = await booked();
    const [event] = await inSync(id, isThere);
    const target = { calendarId, eventId: event?.id ?? '' };
    const google = calendarAt(app.config.google.apiBase ?? '');
    const attendees = [{ email: 'trainee@example.com' }];
    await google.events.patch({ ...target, requestBody: { summary: 'mine', colorId: '5', attendees } });
    await app.sandbox.faults([{ match: { provider: 'google', method: 'PATCH' }, times: 1, status: 412 }]);
    expect((await owner.put(`/admin/calendar/update-event/${id}`)).status).toBe(200);
    expect((await google.events.get(target)).data).toMatchObject({
      summary: event?.summary,
      colorId: '5',
      attendees,
    });
  });

  it('follows a drag only as long as the booking is what it was when somebody looked', async () => {
    const { id, answer, day } = await booked();
    const [staffId = ''] = salon.staffIds;
    const moves = app.get(BookingMoves);
    const drags = ['13:00', '13:30', '14:30'].map((hour) =>
      moves.moveFromCalendar(WORKER, id, { start: new Date(at(day, hour)), staffId }, answer.body.version),
    );
    const ended = await Promise.allSettled(drags);
    const refused = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(refused).toMatchObject([{ code: 'version-mismatch' }, { code: 'version-mismatch' }]);
    expect((await owner.get(`/admin/bookings/${id}`)).body.revision).toBe(2);
  });

  it('says nothing of whoever was forgotten, also of visits long past', async () => {
    const { id } = await booked();
    await inSync(id, isThere);
    await app.timeIs('2030-05-01T14:00:00Z');
    await app.sql(`update booking set status = 'completed', version = version + 1 where id = $1`, [id]);
    const [{ customer_id: customerId } = { customer_id: '' }] = await app.sql<{ customer_id: string }>(
      'select customer_id from booking where id = $1',
      [id],
    );
    await app
      .get(Database)
      .transact(WORKER, (em, now) => app.get(Forgetting).forget(em, WORKER, customerId, now, 'asked'));
    const [event] = await inSync(id, ([found]) => !found?.summary?.includes('Ada'));
    expect(`${event?.summary} ${event?.description}`).not.toMatch(/Ada|ada-|\+1555/);
  });

  describe('waits', () => {
    it('when Google asks for patience, and is written afterwards', async () => {
      await app.sandbox.faults([
        {
          // Google's client asks for a new token and tries once more by itself.
          match: { provider: 'google', path: '/events' },
          times: 2,
          status: 403,
          reason: 'rateLimitExceeded',
          retryAfter: 1,
        },
      ]);
      const { id } = await booked();
      await waitFor(
        async () => (await app.sql('select 1 from calendar where paused_until > now()')).length === 1,
      );
      const from = (await app.sandbox.log()).next;
      await app.get(CalendarReconciling).reconcile(id);
      expect(await callsSince(from)).toBe(0);
      await app.sql('update calendar set paused_until = null');
      expect(await inSync(id, isThere)).toHaveLength(1);
    });

    it('while the consent is taken back: nothing more is asked of Google, bookings go on, and all is found afterwards', async () => {
      await app.sandbox.setConsent(false);
      const first = await booked();
      await waitFor(
        async () => (await app.sql(`select 1 from calendar_connection where state = 'broken'`)).length === 1,
      );
      await app.effectsDone();
      await app.sandbox.faults([{ match: { provider: 'google' }, status: 500 }]);
      const second = await booked();
      await app.effectsDone();
      await app.get(CalendarSweeper).sweep();
      await app.effectsDone();
      const [rule] = (await app.sandbox.listFaults()).rules;
      expect(rule?.hits).toBe(0);
      await app.sandbox.clearFaults();
      await app.sandbox.setConsent(true);
      await app.sql(`update calendar_connection set state = 'ok'`);
      await app.get(CalendarSweeper).sweep();
      for (const { id } of [first, second]) expect(await inSync(id, isThere)).toHaveLength(1);
      expect(await app.get(CalendarSweeper).sweep()).toBe(0);
    });
  });

  it('is written anew after a heal where that was wanted while nobody could be asked', async () => {
    const { id } = await booked();
    const [event] = await inSync(id, isThere);
    await app.sandbox.deleteEvent({ eventId: event?.id ?? '' });
    await app.sql(`update calendar_connection set state = 'broken'`);
    expect(await app.get(CalendarReconciling).reconcile(id, true)).toBe('waiting');
    await app.sql(`update calendar_connection set state = 'ok'`);
    await app.get(CalendarSweeper).sweep();
    expect(await inSync(id, isThere)).toHaveLength(1);
  });

  describe('by the routes of the desk', () => {
    it('is made once, made anew, and taken away for good until it is made again', async () => {
      const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
      const { id, day } = await booked();
      await inSync(id, isThere);
      expect((await reception.delete(`/admin/calendar/delete-event/${id}`)).status).toBe(204);
      expect((await reception.delete(`/admin/calendar/delete-event/${id}`)).status).toBe(204);
      expect(await eventsOf(id)).toEqual([]);
      await owner.put(`/admin/bookings/${id}/reschedule`, { start: at(day, '14:00') });
      await app.effectsDone();
      expect([await eventsOf(id), await markOf(id)]).toEqual([[], null]);
      const made = await reception.post(`/admin/calendar/create-event/${id}`);
      const again = await reception.post(`/admin/calendar/create-event/${id}`);
      expect([made.status, again.status]).toEqual([201, 200]);
      const { syncedAt, ...event } = again.body;
      expect([event, Date.parse(syncedAt) > 0]).toEqual([
        { bookingId: id, calendarId, eventId: `lr${id.replaceAll('-', '')}` },
        true,
      ]);
      const from = (await app.sandbox.log()).next;
      expect((await reception.put(`/admin/calendar/update-event/${id}`)).body.eventId).toBe(event.eventId);
      expect(await callsSince(from)).toBe(1);
    });

    it('is refused for what is no appointment, while Google is out, and without a calendar', async () => {
      const { id } = await booked();
      await inSync(id, isThere);
      await app.sandbox.faults([{ match: { provider: 'google', path: '/events' }, status: 503 }]);
      const out = await owner.put(`/admin/calendar/update-event/${id}`);
      await app.sandbox.clearFaults();
      await owner.post(`/admin/bookings/${id}/cancel`, { reason: 'ill', onBehalfOf: 'customer' });
      const cancelled = await owner.post(`/admin/calendar/create-event/${id}`);
      const other = await booked();
      await app.sql('update calendar set is_target = false');
      const nowhere = await owner.post(`/admin/calendar/create-event/${other.id}`);
      await app.sql('update calendar set is_target = true');
      expect([out, cancelled, nowhere].map(({ status, body }) => [status, body.code])).toEqual([
        [503, 'provider-unavailable'],
        [409, 'invalid-transition'],
        [409, 'calendar-not-connected'],
      ]);
    });
  });
});
