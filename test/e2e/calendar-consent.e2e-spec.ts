import { askForConsent } from '../../src/calendar/google-auth.js';
import { Secrets } from '../../src/config/secrets.service.js';
import { SANDBOX_GOOGLE } from '../../src/sandbox/emulator/credentials.js';
import { aStaffAccount, theOwner, type SignedIn } from '../support/factories.js';
import { at } from '../support/portal.js';
import { bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, waitFor, type Answer, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const GRACE = 'grace@example.com';
const START = '/admin/calendar/oauth/start';

describe('connecting a Google account by a click', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ calendar: true });
    await app.sandbox.config({ stepMs: 1 });
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app, { staff: 2 });
    owner = app.as(await theOwner(app));
  });
  afterEach(() => app.sandbox.clearFaults());
  afterAll(() => app.stop());

  /** What Google's page does once a person pressed a button: where the browser is sent to. */
  const onGooglesPage = async (url: string, { answer = 'allow', account = GRACE, drop = '' } = {}) => {
    expect(await (await fetch(url)).text()).toContain('Lawrei wants to access');
    const form = new URLSearchParams([
      ...new URL(url).searchParams,
      ['answer', answer],
      ['account', account],
    ]);
    if (drop) form.set('scope', (form.get('scope') ?? '').replace(drop, ''));
    const approve = new URL('/o/oauth2/approve', url);
    const response = await fetch(approve, { method: 'POST', body: form, redirect: 'manual' });
    return new URL(String(response.headers.get('location')));
  };
  const pageFor = async (caller: Caller, query = ''): Promise<string> =>
    (await caller.get(`${START}${query}`)).body.url;
  const returned = ({ pathname, search }: URL): Promise<Answer> => app.as().get(`${pathname}${search}`);
  const connect = async (caller: Caller, query = '', wishes: Parameters<typeof onGooglesPage>[1] = {}) =>
    returned(await onGooglesPage(await pageFor(caller, query), wishes));
  const connections = async () => (await owner.get('/admin/calendar/connections')).body.data;
  const ofGrace = async () =>
    (await connections()).find(({ account }: { account: string | null }) => account === GRACE);
  const eventsIn = async (calendarId: string) =>
    (await app.sandbox.state()).events.filter((event) => event.calendarId === calendarId);
  const aManager = (): Promise<SignedIn> => aStaffAccount(app, { role: 'manager' });

  describe('once', () => {
    let staffId: string;
    let answer: Answer;
    beforeAll(async () => {
      staffId = salon.staffIds[1] ?? '';
      answer = await connect(owner, `?staffId=${staffId}`);
    });

    it('tells the person so, and shows the account with its calendar, whose it is and what it is for', async () => {
      expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([
        200,
        'text/html; charset=utf-8',
        expect.stringContaining('The calendar is connected'),
      ]);
      expect(await ofGrace()).toMatchObject({
        ...{ source: 'oauth', account: GRACE, state: 'ok' },
        calendars: [{ googleId: GRACE, staffId, isTarget: true, readsBusy: true }],
      });
    });

    it('keeps the consent so that nobody can read it in the database', async () => {
      const [row] = await app.sql<{ refresh_token: string }>(
        'select refresh_token from calendar_connection where account_email = $1',
        [GRACE],
      );
      expect(row?.refresh_token).toMatch(/^v1\.[\w-]+\.[\w-]+\.[\w-]+$/);
      const all = await app.sql<{ text: string }>('select to_jsonb(o)::text as text from outbox_message o');
      expect(all.filter(({ text }) => text.includes('1//'))).toEqual([]);
    });

    it('writes there, and reads there when the person is busy', async () => {
      const booked = await bookAsGuest(app, salon, at(5, '10:00'), { staffId });
      expect(booked.status).toBe(201);
      await waitFor(async () => (await eventsIn(GRACE)).length === 1);
      await app.effectsDone();
      await app.sandbox.createEvent({ calendarId: GRACE, start: at(6, '09:00'), end: at(6, '17:00') });
      await owner.post(`/admin/calendar/connections/${(await ofGrace()).id}/sync`);
      const busy = await app.sql('select 1 from external_busy where resource_id = $1', [staffId]);
      expect(busy).toHaveLength(1);
    });

    it('heals and stays one when the same account is connected again', async () => {
      const before = await ofGrace();
      const readings = async () =>
        (
          await app.sql<{ generation: number }>('select generation from calendar where connection_id = $1', [
            before.id,
          ])
        )[0]?.generation ?? 0;
      const wholeOnes = await readings();
      await app.sql(
        `update calendar_connection set state = 'broken', last_error = 'x' where account_email = $1`,
        [GRACE],
      );
      expect((await connect(owner)).status).toBe(200);
      expect(await ofGrace()).toMatchObject({
        ...{ id: before.id, state: 'ok', lastError: null },
        calendars: [{ id: before.calendars[0].id, staffId }],
      });
      await owner.post(`/admin/calendar/connections/${before.id}/sync`);
      expect(await readings()).toBe(wholeOnes + 1);
    });

    it('is used no longer once it is taken away: nobody is busy by it, and what stood there stays', async () => {
      const { id } = await ofGrace();
      expect((await owner.delete(`/admin/calendar/connections/${id}`)).status).toBe(204);
      expect((await owner.delete(`/admin/calendar/connections/${id}`)).status).toBe(404);
      expect(await ofGrace()).toBeUndefined();
      expect(await app.sql('select 1 from busy_source where resource_id = $1', [staffId])).toEqual([]);
      expect(await eventsIn(GRACE)).toHaveLength(2);
      // Its bookings go to the salon's calendar from now on.
      await app.sweepUntil(async () => (await eventsIn(SANDBOX_GOOGLE.calendarId)).length === 1);
    });
  });

  it('cannot be undone while the environment says otherwise', async () => {
    const [{ id }] = await connections();
    const answer = await owner.delete(`/admin/calendar/connections/${id}`);
    expect([answer.status, answer.body.detail]).toEqual([
      409,
      expect.stringContaining('GOOGLE_REFRESH_TOKEN'),
    ]);
    expect(await connections()).toHaveLength(1);
  });

  describe('is refused, and connects nothing,', () => {
    const refusedWith = async ({ status, headers, body }: Answer) => {
      expect(headers['content-type']).toContain('application/problem+json');
      expect(await ofGrace()).toBeUndefined();
      return [status, body.code];
    };

    it('when the person says no', async () => {
      expect(await refusedWith(await connect(owner, '', { answer: 'deny' }))).toEqual([
        400,
        'calendar-consent-failed',
      ]);
    });

    it('when they do not tick the calendar, or hide who they are', async () => {
      for (const drop of ['https://www.googleapis.com/auth/calendar.events', 'openid'])
        expect(await refusedWith(await connect(owner, '', { drop }))).toEqual([
          400,
          'calendar-consent-failed',
        ]);
    });

    it('when the state is missing, not ours, of another seal or too old', async () => {
      const back = await onGooglesPage(await pageFor(owner));
      const withState = (state: string | null) => {
        const url = new URL(back);
        if (state === null) url.searchParams.delete('state');
        else url.searchParams.set('state', state);
        return returned(url);
      };
      const state = back.searchParams.get('state') ?? '';
      const [sealed] = await app.sql<{ state: string }>(
        `select coalesce(max(refresh_token), 'v1.a.b.c') as state from calendar_connection`,
      );
      for (const other of [null, 'abc', `${state.slice(0, -2)}AA`, sealed?.state ?? ''])
        expect(await refusedWith(await withState(other))).toEqual([400, 'calendar-consent-failed']);
      const secrets = app.get(Secrets);
      const tooOld = { ...JSON.parse(secrets.open(state)), expiresAt: Date.now() - 1 };
      const late = await withState(secrets.seal(JSON.stringify(tooOld)));
      expect(await refusedWith(late)).toEqual([400, 'calendar-consent-failed']);
    });

    it('when the code was used before, or was got with another question', async () => {
      const [first, second] = [
        await onGooglesPage(await pageFor(owner)),
        await onGooglesPage(await pageFor(owner)),
      ];
      const swapped = new URL(first);
      swapped.searchParams.set('code', second.searchParams.get('code') ?? '');
      expect(await refusedWith(await returned(swapped))).toEqual([400, 'calendar-consent-failed']);
      expect(await refusedWith(await returned(second))).toEqual([400, 'calendar-consent-failed']);
    });

    it('when whoever asked has signed out, or may not any more', async () => {
      const [left, demoted] = [await aManager(), await aManager()];
      const [first, second] = [
        await onGooglesPage(await pageFor(app.as(left.token))),
        await onGooglesPage(await pageFor(app.as(demoted.token))),
      ];
      await app.as(left.token).post('/api/auth/logout');
      await app.sql(`update account set role = 'reception' where id = $1`, [demoted.id]);
      expect(await refusedWith(await returned(first))).toEqual([401, 'unauthenticated']);
      expect(await refusedWith(await returned(second))).toEqual([403, 'forbidden']);
    });

    it('while Google is out', async () => {
      const back = await onGooglesPage(await pageFor(owner));
      await app.sandbox.faults([{ match: { provider: 'google', path: '/token' }, status: 503 }]);
      expect(await refusedWith(await returned(back))).toEqual([503, 'provider-unavailable']);
    });

    it('for nobody who works here', async () => {
      const answer = await owner.get(`${START}?staffId=01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55`);
      expect([answer.status, answer.body.errors]).toEqual([
        422,
        [expect.objectContaining({ pointer: '/staffId' })],
      ]);
    });
  });

  it('makes one connection of two answers at the same moment', async () => {
    const backs = [await onGooglesPage(await pageFor(owner)), await onGooglesPage(await pageFor(owner))];
    const answers = await Promise.all(backs.map(returned));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await connections()).toHaveLength(2);
    const [{ count } = { count: 0 }] = await app.sql<{ count: number }>(
      'select count(*)::int as count from calendar where google_id = $1',
      [GRACE],
    );
    expect(count).toBe(1);
  });

  it('works from the command line as well, for the environment', async () => {
    const lines: string[] = [];
    const port = 20_000 + (process.pid % 10_000);
    const asked = askForConsent(app.config.google, { port, tell: (line) => lines.push(line) });
    await waitFor(async () => lines.length > 0);
    const url = /http\S+/.exec(lines[0] ?? '')?.[0] ?? '';
    const back = await onGooglesPage(url, { account: 'salon@example.com' });
    expect((await fetch(`http://127.0.0.1:${port}/?state=guessed&code=x`)).status).toBe(404);
    expect(await (await fetch(back)).text()).toContain('Done');
    expect(await asked).toMatchObject({
      email: 'salon@example.com',
      refreshToken: expect.stringMatching(/^1\/\//),
    });
    await expect(fetch(back)).rejects.toThrow('fetch failed');
  });
});
