import { CalendarSync } from '../../src/calendar/calendar-sync.service.js';
import { CalendarWatching } from '../../src/calendar/calendar-watching.js';
import { installFailpoints } from '../../src/common/failpoint.js';
import { aStaffMember, theOwner } from '../support/factories.js';
import { at } from '../support/portal.js';
import { bookAsGuest, openSalon } from '../support/salon.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const MANY = 2_600;
const AT_ONCE = 20;

describe('reading Google Calendar', () => {
  let app: TestApp;
  let owner: Caller;
  let calendar: string;
  let connection: string;
  beforeAll(async () => {
    app = await TestApp.start({ calendar: true });
    await app.sandbox.config({ stepMs: 1 });
    await app.timeIs(FRIDAY_9);
    owner = app.as(await theOwner(app));
    const [row] = await app.sql<{ id: string; connection_id: string }>(
      'select id, connection_id from calendar',
    );
    [calendar, connection] = [row?.id ?? '', row?.connection_id ?? ''];
  });
  afterEach(async () => {
    installFailpoints(null);
    await app.sandbox.clearFaults();
  });
  afterAll(() => app.stop());

  const busy = async () =>
    (await app.sql<{ count: number }>('select count(*)::int as count from external_busy'))[0]?.count;
  const tokenOf = async () =>
    (
      await app.sql<{ sync_token: string | null }>('select sync_token from calendar where id = $1', [
        calendar,
      ])
    )[0]?.sync_token;
  const sync = () => app.get(CalendarSync).sync(calendar);
  const hours = { start: at(4, '09:00'), end: at(4, '10:00') };

  describe('to its end', () => {
    beforeAll(async () => {
      const work = async () => {
        for (let count = 0; count < MANY / AT_ONCE; count += 1) await app.sandbox.createEvent(hours);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    }, 60_000);

    it('takes all pages or none: a crash between two keeps the old token and loses nothing', async () => {
      installFailpoints((point) => {
        if (point === 'calendar.between-pages') throw new Error('died here');
      });
      const before = [await tokenOf(), await busy()];
      await expect(sync()).rejects.toThrow();
      expect([await tokenOf(), await busy()]).toEqual(before);
      installFailpoints(null);
      expect(await sync()).toBe('read');
      expect(await busy()).toBe(MANY);
    });

    it('begins anew when Google has forgotten what the token stood for, and what is gone meanwhile is free', async () => {
      const [{ id: eventId } = { id: '' }] = (await app.sandbox.state()).events;
      await app.sandbox.deleteEvent({ eventId });
      await app.sandbox.forgetSyncTokens();
      expect(await sync()).toBe('read');
      expect(await busy()).toBe(MANY - 1);
    });

    it('twice at the same moment does the same as once', async () => {
      const { eventId } = await app.sandbox.createEvent(hours);
      await Promise.all([sync(), sync(), sync()]);
      expect(await busy()).toBe(MANY);
      await app.sandbox.deleteEvent({ eventId });
      await Promise.all([sync(), sync()]);
      expect(await busy()).toBe(MANY - 1);
    });
  });

  it('goes on with a new access token when the old one is worth nothing before its time', async () => {
    await app.sandbox.expireAccess();
    expect(await sync()).toBe('read');
  });

  describe('is asked for by Google', () => {
    const channel = async () => {
      await app.get(CalendarWatching).watch();
      const [row] = await app.sql<{ channel_id: string; channel_resource_id: string }>(
        'select channel_id, channel_resource_id from calendar where id = $1',
        [calendar],
      );
      const known = (await app.sandbox.state()).channels.find(({ id }) => id === row?.channel_id);
      return {
        id: String(row?.channel_id),
        resource: String(row?.channel_resource_id),
        token: String(known?.token),
      };
    };
    const push = (headers: Record<string, string>) => app.as().post('/webhooks/google/calendar', {}, headers);
    const ordered = async () =>
      (await app.sql(`select 1 from outbox_message where handler = 'calendar.sync'`)).length;

    it('with the channel’s own token, and by nobody else', async () => {
      const { id, resource, token } = await channel();
      const genuine = {
        'x-goog-channel-id': id,
        'x-goog-channel-token': token,
        'x-goog-resource-id': resource,
        'x-goog-resource-state': 'exists',
      };
      await app.effectsDone();
      const before = await ordered();
      const forged = [
        { ...genuine, 'x-goog-channel-token': 'guess' },
        { ...genuine, 'x-goog-channel-token': '' },
        { ...genuine, 'x-goog-channel-id': '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55' },
        { ...genuine, 'x-goog-channel-id': 'x' },
        { ...genuine, 'x-goog-resource-id': 'another' },
      ];
      for (const headers of forged) {
        const answer = await push(headers);
        expect([answer.status, answer.body.code]).toEqual([403, 'signature-invalid']);
      }
      expect(await ordered()).toBe(before);
      expect((await push({ ...genuine, 'x-goog-resource-state': 'sync' })).status).toBe(204);
      expect(await ordered()).toBe(before);
      expect((await push(genuine)).status).toBe(204);
      expect(await ordered()).toBe(before + 1);
    });

    it('through one channel, which is replaced before it ends', async () => {
      const first = await channel();
      await app.get(CalendarWatching).watch();
      expect((await app.sandbox.state()).channels.map(({ id }) => id)).toEqual([first.id]);
      await app.sql(`update calendar set channel_renew_at = now() - interval '1 second'`);
      await Promise.all([app.get(CalendarWatching).watch(), app.get(CalendarWatching).watch()]);
      const channels = (await app.sandbox.state()).channels.map(({ id }) => id);
      expect([channels.length, channels.includes(first.id)]).toEqual([1, false]);
      const [row] = await app.sql<{ left: number }>(
        'select extract(epoch from channel_renew_at - now())::float8 / extract(epoch from channel_expires_at - now()) as left from calendar',
      );
      expect(row?.left).toBeCloseTo(0.7, 2);
    });
  });

  describe('by accounts and calendars', () => {
    const connections = async () => (await owner.get('/admin/calendar/connections')).body.data;

    it('shows how they are', async () => {
      await sync();
      expect(await connections()).toMatchObject([
        {
          ...{ id: connection, source: 'environment', state: 'ok', lastError: null },
          calendars: [
            { id: calendar, staffId: null, isTarget: true, readsBusy: true, syncedAt: expect.any(String) },
          ],
        },
      ]);
    });

    it('uses another calendar of a person, once, until it is taken away', async () => {
      const staffId = await aStaffMember(app);
      await app.sandbox.addCalendar({ id: 'grace@example.com' });
      await app.sandbox.createEvent({ calendarId: 'grace@example.com', ...hours });
      const wanted = { googleId: 'grace@example.com', staffId, isTarget: true };
      const path = `/admin/calendar/connections/${connection}/calendars`;
      const added = await owner.post(path, wanted);
      const again = await owner.post(path, wanted);
      const rival = await owner.post(path, { ...wanted, googleId: 'other@example.com' });
      const stranger = await owner.post(path, { googleId: 'x', staffId: connection });
      expect([added, again, rival, stranger].map(({ status }) => status)).toEqual([201, 409, 409, 422]);
      const { id } = added.body.calendars.find(
        ({ googleId }: { googleId: string }) => googleId === 'grace@example.com',
      );
      expect((await owner.post(`/admin/calendar/connections/${connection}/sync`)).status).toBe(200);
      const taken = () => app.sql('select 1 from external_busy where resource_id = $1', [staffId]);
      expect(await taken()).toHaveLength(1);
      expect((await owner.delete(`${path}/${id}`)).status).toBe(204);
      expect((await owner.delete(`${path}/${id}`)).status).toBe(404);
      expect(await taken()).toHaveLength(0);
    });

    it('says that an account is at its end, asks nothing more of it, and tries it again on request', async () => {
      await owner.patch('/admin/settings', { phone: '+12125550199' });
      await app.sandbox.setConsent(false);
      // Whoever comes after the first has heard of it already.
      const ends = await Promise.all([1, 2, 3].map(() => sync().catch(String)));
      expect(ends).toContainEqual(expect.stringContaining('revoked'));
      expect(ends.every((end) => end === 'waiting' || end.includes('revoked'))).toBe(true);
      await app.effectsDone();
      const told = await app.sandbox.state();
      expect(told.sms.filter(({ to }) => to === '+12125550199').map(({ body }) => body)).toEqual([
        'Google Calendar is disconnected: new bookings are not in it. Nothing is lost; connect it again. - Lawrei Beauty',
      ]);
      expect(told.emails.filter(({ subject }) => subject === 'Google Calendar is disconnected')).toHaveLength(
        1,
      );
      expect(await connections()).toMatchObject([
        { state: 'broken', lastError: expect.stringContaining('consent') },
      ]);
      const status = (await owner.get('/admin/services/status')).body;
      expect([status.status, status.services.calendar]).toMatchObject([
        'degraded',
        { state: 'down', brokenConnections: 1 },
      ]);
      await app.sandbox.faults([{ match: { provider: 'google' }, status: 500 }]);
      expect(await sync()).toBe('waiting');
      await app.get(CalendarWatching).poll();
      await app.get(CalendarWatching).watch();
      await app.effectsDone();
      expect((await app.sandbox.listFaults()).rules[0]?.hits).toBe(0);
      await app.sandbox.clearFaults();
      const tried = await owner.post(`/admin/calendar/connections/${connection}/sync`);
      expect([tried.status, tried.body.code]).toEqual([409, 'calendar-not-connected']);
      await app.sandbox.setConsent(true);
      const healed = await owner.post(`/admin/calendar/connections/${connection}/sync`);
      expect([healed.status, healed.body.state]).toEqual([200, 'ok']);
      await waitFor(
        async () => (await owner.get('/admin/services/status')).body.services.calendar.state === 'up',
      );
    });

    it('reads everything anew once it is let in again: what somebody had dragged before is still found', async () => {
      const salon = await openSalon(app, { staff: 1 });
      const made = await bookAsGuest(app, salon, at(4, '14:00'));
      const bookingId = String(made.body.id);
      const event = async () =>
        (await app.sandbox.state()).events.find(({ private: marks }) => marks['lawreiBooking'] === bookingId);
      await waitFor(async () => (await event()) !== undefined);
      await app.effectsDone();
      const eventId = (await event())?.id ?? '';
      // It was read that the event is elsewhere, and not yet looked at, when the account takes its consent back.
      await app.sandbox.faults([
        { match: { provider: 'google', method: 'GET', path: `/events/${eventId}` }, status: 500 },
      ]);
      await app.sandbox.moveEvent({ eventId, start: at(4, '16:00'), end: at(4, '16:30') });
      expect(await sync()).toBe('read');
      await waitFor(async () => ((await app.sandbox.listFaults()).rules[0]?.hits ?? 0) > 0);
      await app.sandbox.setConsent(false);
      await app.sandbox.clearFaults();
      await waitFor(async () => (await connections())[0]?.state === 'broken');
      await waitFor(
        async () =>
          (await app.sql(`select 1 from outbox_message where handler = 'calendar.look' and state <> 'done'`))
            .length === 0,
      );
      await app.sandbox.setConsent(true);
      expect((await owner.post(`/admin/calendar/connections/${connection}/sync`)).status).toBe(200);
      await waitFor(async () => {
        const { body } = await owner.get(`/admin/bookings/${bookingId}`);
        return body.start === at(4, '16:00');
      });
    });
  });
});
