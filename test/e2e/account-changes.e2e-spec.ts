import { newId } from '../../src/common/ids.js';
import type { StaffRole } from '../../src/common/actor.js';
import { anAccount, aStaffMember, STAFF_PASSWORD, theOwner } from '../support/factories.js';
import { OWNER_EMAIL, TestApp, type Caller } from '../support/test-app.js';

const PASSWORD = 'seven green umbrellas';
const MISSING = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';

describe('who may sign in to the salon', () => {
  let app: TestApp;
  let owner: Caller;
  let ownerId: string;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = app.as(await theOwner(app));
    ownerId =
      (await app.sql<{ id: string }>('select id from account where email = $1', [OWNER_EMAIL]))[0]?.id ?? '';
  });
  afterAll(() => app.stop());

  const wanted = (more: object = {}) => ({
    email: `new-${newId()}@lawrei.example`,
    name: 'Grace Hopper',
    role: 'reception',
    password: PASSWORD,
    ...more,
  });
  const aNewAccount = async (more: object = {}) => (await owner.post('/admin/accounts', wanted(more))).body;
  const login = (email: string, password: string) => app.as().post('/api/auth/login', { email, password });
  const pointers = (body: { errors?: { pointer: string }[] }) => body.errors?.map(({ pointer }) => pointer);
  const at = (id: string) => `/admin/accounts/${id}`;
  const lastAudit = async (subjectId: string) =>
    (
      await app.sql<{ action: string; details: object }>(
        'select action, details from audit_log where subject_id = $1 order by at desc, id desc limit 1',
        [subjectId],
      )
    )[0];

  describe('a change', () => {
    const signedIn = async (role: StaffRole) => {
      const account = await anAccount(app, { role });
      const { accessToken, refreshToken } = (await login(account.email, STAFF_PASSWORD)).body;
      const refresh = async () => (await app.as().post('/api/auth/refresh', { refreshToken })).status;
      return { ...account, caller: app.as(accessToken), refresh };
    };

    it('of the role acts on the next request, both ways', async () => {
      const { id, caller } = await signedIn('reception');
      expect((await caller.get('/admin/staff')).status).toBe(403);
      expect((await owner.patch(at(id), { role: 'manager' })).body).toMatchObject({
        role: 'manager',
        version: 2,
      });
      expect((await caller.get('/admin/staff')).status).toBe(200);
      await owner.patch(at(id), { role: 'staff' });
      expect((await caller.get('/admin/staff')).status).toBe(403);
      expect(await lastAudit(id)).toEqual({
        action: 'account.changed',
        details: { fields: 'role', role: 'staff' },
      });
    });

    it('of name and calendar is written down without the name; null takes the calendar away', async () => {
      const { id } = await aNewAccount();
      const staffId = await aStaffMember(app);
      const changed = await owner.patch(at(id), { name: 'Rear Admiral', staffId });
      expect(changed.body).toMatchObject({ name: 'Rear Admiral', staffId, role: 'reception' });
      expect(await lastAudit(id)).toEqual({
        action: 'account.changed',
        details: { fields: 'name,staffId', staffId },
      });
      const unknown = await owner.patch(at(id), { staffId: MISSING });
      expect([unknown.status, pointers(unknown.body)]).toEqual([422, ['/staffId']]);
      expect((await owner.patch(at(id), { staffId: null })).body.staffId).toBeNull();
    });

    it('of the password ends every sign-in there was; the new one opens, the old one does not', async () => {
      const { id, email, caller, refresh } = await signedIn('manager');
      expect((await owner.patch(at(id), { password: 'password1234' })).status).toBe(422);
      expect((await caller.get('/admin/staff')).status).toBe(200);
      expect((await owner.patch(at(id), { password: PASSWORD })).status).toBe(200);
      expect((await caller.get('/admin/staff')).status).toBe(401);
      expect(await refresh()).toBe(401);
      expect((await login(email, STAFF_PASSWORD)).status).toBe(401);
      expect((await login(email, PASSWORD)).status).toBe(200);
      expect(JSON.stringify(await app.sql('select * from audit_log'))).not.toContain(PASSWORD);
    });

    it('that disables lets nobody in until it is taken back, and old sign-ins stay ended', async () => {
      const { id, email, caller, refresh } = await signedIn('manager');
      expect((await owner.patch(at(id), { disabled: true })).body.disabled).toBe(true);
      expect((await caller.get('/admin/staff')).status).toBe(401);
      expect((await login(email, STAFF_PASSWORD)).status).toBe(401);
      expect((await owner.patch(at(id), { disabled: false })).body.disabled).toBe(false);
      expect((await caller.get('/admin/staff')).status).toBe(401);
      expect(await refresh()).toBe(401);
      expect((await login(email, STAFF_PASSWORD)).status).toBe(200);
    });

    it('of what was changed meanwhile is refused when the client says what it read', async () => {
      const { id } = await aNewAccount();
      const renamed = await owner.patch(at(id), { name: 'First' }, { 'if-match': '"1"' });
      expect(renamed.headers['etag']).toBe('"2"');
      const late = await owner.patch(at(id), { name: 'Second' }, { 'if-match': '"1"' });
      expect([late.status, late.body.code]).toEqual([412, 'version-mismatch']);
      expect((await owner.delete(at(id), { 'if-match': '"1"' })).status).toBe(412);
      expect((await owner.get(at(id))).body).toMatchObject({ name: 'First', closed: false });
    });

    it('that deletes is for good: signed out, never enabled again, kept for the history', async () => {
      const { id, email, caller } = await signedIn('manager');
      expect((await owner.delete(at(id))).status).toBe(204);
      expect(await lastAudit(id)).toMatchObject({ action: 'account.closed' });
      expect((await caller.get('/admin/staff')).status).toBe(401);
      expect((await login(email, STAFF_PASSWORD)).status).toBe(401);
      expect((await owner.delete(at(id))).status).toBe(204);
      expect((await owner.patch(at(id), { disabled: false })).status).toBe(409);
      expect((await owner.get(at(id))).body).toMatchObject({ disabled: true, closed: true });
    });
  });

  describe('the audit log', () => {
    interface Entry {
      id: string;
      at: string;
      action: string;
    }
    const page = async (query: string) => (await owner.get(`/admin/audit?${query}`)).body;
    const pages = async (query: string, limit: number) => {
      const seen: Entry[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { data, page: info } = await page(
          `${query}&limit=${limit}${cursor ? `&cursor=${cursor}` : ''}`,
        );
        seen.push(...data);
        cursor = info.nextCursor;
      }
      return seen;
    };
    const write = (subjectId: string, instant: string, action = 'test.done') =>
      app.sql(
        `insert into audit_log (id, at, actor_kind, action, subject_kind, subject_id) values ($1, $2, 'system', $3, 'test', $4)`,
        [newId(), instant, action, subjectId],
      );

    it('says who did what to what in which request, the newest first', async () => {
      const made = await owner.post('/admin/accounts', wanted(), { 'x-request-id': 'request-of-the-test' });
      const { data } = await page(`subjectId=${made.body.id}`);
      expect(data).toEqual([
        {
          id: expect.any(String),
          at: expect.stringMatching(/^\d{4}-.*Z$/),
          actor: { kind: 'staff', id: ownerId },
          action: 'account.created',
          subject: { kind: 'account', id: made.body.id },
          requestId: made.headers['x-request-id'],
          details: { role: 'reception', staffId: null },
        },
      ]);
      await owner.patch(at(made.body.id), { role: 'staff' });
      const actions = (await page(`subjectId=${made.body.id}`)).data.map(({ action }: Entry) => action);
      expect(actions).toEqual(['account.changed', 'account.created']);
    });

    it('is narrowed by action, by who and by when', async () => {
      const changes = (await page(`action=account.changed&actorId=${ownerId}&limit=100`)).data;
      expect(changes.length).toBeGreaterThan(3);
      expect(new Set(changes.map(({ action }: Entry) => action))).toEqual(new Set(['account.changed']));
      expect((await page(`actorId=${MISSING}`)).data).toEqual([]);
      const subject = newId();
      await write(subject, '2026-01-01T10:00:00Z', 'test.early');
      await write(subject, '2026-01-01T11:00:00Z', 'test.late');
      const within = async (from: string, to: string) =>
        (await page(`subjectId=${subject}&from=${from}&to=${to}`)).data.map(({ action }: Entry) => action);
      expect(await within('2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z')).toEqual(['test.early']);
      expect(await within('2026-01-01T10:00:00.001Z', '2026-01-01T11:00:00.001Z')).toEqual(['test.late']);
      expect((await owner.get('/admin/audit?from=yesterday')).status).toBe(422);
      expect((await owner.get('/admin/audit?action=A%20B')).status).toBe(422);
    });

    it('shows each entry once, also those of one millisecond, one instant and different months', async () => {
      const subject = newId();
      for (const micros of [0, 1, 1, 500, 999]) {
        await write(subject, `2026-02-03T10:00:00.123${String(micros).padStart(3, '0')}Z`);
      }
      for (const instant of [
        '2026-02-03T10:00:00.122999Z',
        '2026-02-03T10:00:00.124Z',
        '2025-12-31T23:59:59.999999Z',
      ])
        await write(subject, instant);
      const inOrder = await app.sql<{ id: string }>(
        'select id from audit_log where subject_id = $1 order by at desc, id desc',
        [subject],
      );
      for (const limit of [1, 2, 3, 100]) {
        const seen = await pages(`subjectId=${subject}`, limit);
        expect(seen.map(({ id }) => id)).toEqual(inOrder.map(({ id }) => id));
      }
    });

    it('refuses a made-up cursor, or answers it with nothing', async () => {
      expect((await owner.get('/admin/audit?cursor=nonsense')).status).toBe(422);
      const cursor = Buffer.from(`2026-02-03T10:00:00.123Z|${MISSING}`).toString('base64url');
      expect((await page(`cursor=${cursor}`)).data).toEqual([]);
    });
  });
});
