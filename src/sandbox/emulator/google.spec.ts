import type { calendar_v3 } from '@googleapis/calendar';
import { SANDBOX_GOOGLE } from './credentials.js';
import { aDataDir, TestEmulator, until } from './emulator.fixture.js';
import { calendarAt, oauthAt, PushReceiver, reasonOf } from './google.fixture.js';

const { calendarId, refreshToken } = SANDBOX_GOOGLE;
const TIMES = {
  start: { dateTime: '2030-03-04T10:00:00-05:00' },
  end: { dateTime: '2030-03-04T10:30:00-05:00' },
};

describe('the emulated Google Calendar', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  let google: calendar_v3.Calendar;
  beforeEach(async () => {
    emulator = await TestEmulator.start(dataDir.path);
    google = calendarAt(emulator.base);
    await emulator.control.reset();
    await emulator.control.config({ stepMs: 1 });
  });
  afterEach(() => emulator.stop());
  afterAll(() => dataDir.remove());

  const insert = (requestBody: calendar_v3.Schema$Event) => google.events.insert({ calendarId, requestBody });
  const list = async (query: Omit<calendar_v3.Params$Resource$Events$List, 'calendarId'> = {}) =>
    (await google.events.list({ calendarId, ...query })).data;
  const idsOf = (page: calendar_v3.Schema$Events) => page.items?.map(({ id }) => id);

  describe('keeps events', () => {
    it('under an id of the client’s own, once, as long as it is one', async () => {
      const { data } = await insert({ ...TIMES, id: 'lr01abcdef', summary: 'Haircut' });
      expect(data).toMatchObject({ id: 'lr01abcdef', status: 'confirmed', summary: 'Haircut', ...TIMES });
      expect(await reasonOf(insert({ ...TIMES, id: 'lr01abcdef' }))).toEqual([409, 'duplicate']);
      expect(await reasonOf(insert({ ...TIMES, id: 'lawrei' }))).toEqual([400, 'invalid']);
      expect(await reasonOf(insert({ id: 'lr02abcdef' }))).toEqual([400, 'required']);
      const backwards = { start: TIMES.end, end: TIMES.start };
      expect(await reasonOf(insert(backwards))).toEqual([400, 'timeRangeEmpty']);
    });

    it('and lets nobody change what was changed meanwhile', async () => {
      const { data: first } = await insert({ ...TIMES, id: 'lr03abcdef' });
      const change = (etag: string | null | undefined, summary: string) =>
        google.events.update(
          { calendarId, eventId: 'lr03abcdef', requestBody: { ...TIMES, summary } },
          { headers: { 'If-Match': String(etag) } },
        );
      const { data: second } = await change(first.etag, 'one');
      expect(await reasonOf(change(first.etag, 'two'))).toEqual([412, 'conditionNotMet']);
      expect((await change(second.etag, 'three')).data).toMatchObject({ summary: 'three', sequence: 2 });
    });

    it('that are gone once deleted, and come back by an update', async () => {
      await insert({ ...TIMES, id: 'lr04abcdef' });
      const target = { calendarId, eventId: 'lr04abcdef' };
      expect((await google.events.delete(target)).status).toBe(204);
      expect(await reasonOf(google.events.delete(target))).toEqual([410, 'deleted']);
      expect((await google.events.get(target)).data.status).toBe('cancelled');
      expect(await reasonOf(insert({ ...TIMES, id: 'lr04abcdef' }))).toEqual([409, 'duplicate']);
      await google.events.update({ ...target, requestBody: { ...TIMES, status: 'confirmed' } });
      expect(idsOf(await list())).toEqual(['lr04abcdef']);
    });

    it('through a restart', async () => {
      await insert({ ...TIMES, id: 'lr05abcdef', summary: 'Kept' });
      await emulator.stop();
      emulator = await TestEmulator.start(dataDir.path);
      google = calendarAt(emulator.base);
      expect((await google.events.get({ calendarId, eventId: 'lr05abcdef' })).data.summary).toBe('Kept');
    });
  });

  describe('lists', () => {
    it('page by page, with the token for changes on the last page alone', async () => {
      for (let count = 0; count < 5; count += 1) await insert({ ...TIMES, id: `lr1${count}abc` });
      const first = await list({ maxResults: 2 });
      const second = await list({ maxResults: 2, pageToken: String(first.nextPageToken) });
      const last = await list({ maxResults: 2, pageToken: String(second.nextPageToken) });
      expect([first, second, last].flatMap(idsOf)).toEqual([
        'lr10abc',
        'lr11abc',
        'lr12abc',
        'lr13abc',
        'lr14abc',
      ]);
      expect([first.nextSyncToken, second.nextSyncToken, last.nextPageToken]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(idsOf(await list({ syncToken: String(last.nextSyncToken) }))).toEqual([]);
    });

    it('what changed since, deleted events included, and nothing else beside a token', async () => {
      await insert({ ...TIMES, id: 'lr20abc' });
      await insert({ ...TIMES, id: 'lr21abc' });
      const syncToken = String((await list()).nextSyncToken);
      await google.events.delete({ calendarId, eventId: 'lr20abc' });
      const { items } = await list({ syncToken });
      expect(items).toEqual([
        { kind: 'calendar#event', id: 'lr20abc', status: 'cancelled', etag: expect.any(String) },
      ]);
      expect(await reasonOf(list({ syncToken, timeMin: '2030-01-01T00:00:00Z' }))).toEqual([400, 'invalid']);
      await emulator.control.forgetSyncTokens();
      expect(await reasonOf(list({ syncToken }))).toEqual([410, 'fullSyncRequired']);
    });
  });

  describe('tells who watches', () => {
    let app: PushReceiver;
    beforeEach(async () => (app = await new PushReceiver().start()));
    afterEach(() => app.stop());
    const watch = () =>
      google.events.watch({
        calendarId,
        requestBody: { id: 'channel-1', type: 'web_hook', address: app.url, token: 'secret' },
      });

    it('that something changed, never what, until they stop', async () => {
      const { data: channel } = await watch();
      await until(
        () => app.states,
        (states) => states.includes('sync'),
      );
      await emulator.control.createEvent({ start: '2030-03-05T10:00:00Z', end: '2030-03-05T11:00:00Z' });
      await until(
        () => app.states,
        (states) => states.includes('exists'),
      );
      expect(app.pushes.at(-1)).toMatchObject({
        'x-goog-channel-id': 'channel-1',
        'x-goog-channel-token': 'secret',
        'x-goog-resource-id': channel.resourceId,
        'x-goog-message-number': '2',
        'content-length': '0',
      });
      expect(Number(channel.expiration) - Date.now()).toBeLessThanOrEqual(7 * 86_400_000);
      await google.channels.stop({
        requestBody: { id: 'channel-1', resourceId: String(channel.resourceId) },
      });
      await emulator.control.createEvent({ start: '2030-03-06T10:00:00Z', end: '2030-03-06T11:00:00Z' });
      expect((await emulator.control.state()).channels).toEqual([]);
      expect(app.states).toEqual(['sync', 'exists']);
    });

    it('unless the push is lost', async () => {
      await watch();
      await until(
        () => app.states,
        (states) => states.length === 1,
      );
      await emulator.control.faults([{ match: { provider: 'google' }, loseCallbacks: true }]);
      await emulator.control.createEvent({ start: '2030-03-05T10:00:00Z', end: '2030-03-05T11:00:00Z' });
      await emulator.control.clearFaults();
      await emulator.control.createEvent({ start: '2030-03-05T12:00:00Z', end: '2030-03-05T13:00:00Z' });
      await until(
        () => app.states,
        (states) => states.length === 2,
      );
      expect(app.pushes.map((headers) => headers['x-goog-message-number'])).toEqual(['1', '2']);
    });
  });

  describe('lets in', () => {
    it('whoever a person agreed to, with the proof of who asked', async () => {
      const client = oauthAt(emulator.base);
      const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
      const asking = client.generateAuthUrl({
        access_type: 'offline',
        scope: 'https://www.googleapis.com/auth/calendar.events',
        state: 'abc',
        code_challenge: String(codeChallenge),
        code_challenge_method: 'S256' as never,
      });
      const page = await fetch(asking);
      expect([page.status, await page.text()]).toEqual([
        200,
        expect.stringContaining('Lawrei wants to access'),
      ]);
      const agree = async (answer: string) => {
        const form = new URLSearchParams([...new URL(asking).searchParams, ['answer', answer]]);
        const response = await fetch(`${emulator.base}/o/oauth2/approve`, {
          method: 'POST',
          body: form,
          redirect: 'manual',
        });
        return new URL(String(response.headers.get('location'))).searchParams;
      };
      const code = String((await agree('allow')).get('code'));
      expect(await reasonOf(client.getToken({ code, codeVerifier: 'another' }))).toEqual([
        400,
        'invalid_grant',
      ]);
      const again = await agree('allow');
      expect(again.get('state')).toBe('abc');
      const { tokens } = await client.getToken({ code: String(again.get('code')), codeVerifier });
      expect(tokens.refresh_token).toMatch(/^1\/\//);
      expect(Object.fromEntries(await agree('deny'))).toEqual({ state: 'abc', error: 'access_denied' });
    });

    it('nobody whose consent was taken back, until it is given again', async () => {
      await insert(TIMES);
      await emulator.control.expireAccess();
      expect(await reasonOf(list())).toEqual([401, 'authError']);
      await emulator.control.setConsent(false);
      google = calendarAt(emulator.base);
      expect(await reasonOf(list())).toEqual([400, 'invalid_grant']);
      await emulator.control.setConsent(true, refreshToken);
      expect((await list()).items).toHaveLength(1);
    });
  });

  it('fails as it is told to, in Google’s own words', async () => {
    const fail = (rule: object) =>
      emulator.control.faults([{ match: { provider: 'google', path: '/events' }, times: 1, ...rule }]);
    await fail({ status: 403 });
    expect(await reasonOf(insert(TIMES))).toEqual([403, 'rateLimitExceeded']);
    await fail({ status: 403, reason: 'quotaExceeded' });
    expect(await reasonOf(insert(TIMES))).toEqual([403, 'quotaExceeded']);
    await fail({ status: 503 });
    expect(await reasonOf(insert(TIMES))).toEqual([503, 'backendError']);
    await fail({ reset: 'after' });
    await expect(insert({ ...TIMES, id: 'lr30abc' })).rejects.toThrow();
    expect(idsOf(await list())).toEqual(['lr30abc']);
  });

  it('shows people what stands in the calendars', async () => {
    await emulator.control.addCalendar({ id: 'grace@example.com' });
    const { eventId } = await emulator.control.createEvent({
      calendarId: 'grace@example.com',
      start: '2030-03-05',
      end: '2030-03-06',
      summary: 'Holiday',
    });
    await emulator.control.moveEvent({
      calendarId: 'grace@example.com',
      eventId,
      start: '2030-03-06',
      end: '2030-03-07',
    });
    const [event] = (await emulator.control.state()).events;
    expect(event).toMatchObject({ calendarId: 'grace@example.com', summary: 'Holiday', start: '2030-03-06' });
    await emulator.control.deleteEvent({ calendarId: 'grace@example.com', eventId });
    expect((await emulator.control.state()).events).toEqual([]);
    await expect(emulator.control.deleteEvent({ eventId })).rejects.toThrow('404');
  });
});
