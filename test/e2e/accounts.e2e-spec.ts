import { newId } from '../../src/common/ids.js';
import { AccountChanges } from '../../src/auth/account-changes.service.js';
import { LastOwner } from '../../src/auth/auth.errors.js';
import type { StaffActor } from '../../src/common/actor.js';
import { aBooking, anAccount, aStaffAccount, aStaffMember, theOwner } from '../support/factories.js';
import { OWNER_EMAIL, TestApp, type Caller } from '../support/test-app.js';
import { lawrei } from '../support/test-build.js';

const PASSWORD = 'seven green umbrellas';
const asOwnerOf = (accountId: string): StaffActor => ({
  kind: 'staff',
  accountId,
  role: 'owner',
  resourceId: null,
  sessionId: newId(),
});
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

  describe('a new account', () => {
    it('can sign in at once, and is answered without its password in any form', async () => {
      const body = wanted({ email: `Caps-${newId()}@LAWREI.example` });
      const made = await owner.post('/admin/accounts', body);
      expect(made.status).toBe(201);
      expect(made.body).toEqual({
        id: expect.any(String),
        email: body.email.toLowerCase(),
        name: 'Grace Hopper',
        role: 'reception',
        staffId: null,
        disabled: false,
        closed: false,
        createdAt: expect.any(String),
        version: 1,
      });
      expect(made.headers['etag']).toBe('"1"');
      expect(made.text).not.toContain('argon2');
      expect((await login(body.email, PASSWORD)).status).toBe(200);
      expect(await lastAudit(made.body.id)).toMatchObject({ action: 'sign-in.succeeded' });
      expect((await owner.get(at(made.body.id))).body).toEqual(made.body);
    });

    it('is refused where the address has an account, even one written otherwise', async () => {
      const { email } = await aNewAccount();
      const again = await owner.post('/admin/accounts', wanted({ email: email.toUpperCase() }));
      expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    });

    it('needs a password that guessers do not try, and a calendar of somebody who works here', async () => {
      for (const password of ['short', 'password1234', 'aaaaaaaaaaaaaaaa']) {
        const { status, body } = await owner.post('/admin/accounts', wanted({ password }));
        expect([password, status, pointers(body)]).toEqual([password, 422, ['/password']]);
      }
      const stranger = await owner.post('/admin/accounts', wanted({ staffId: MISSING }));
      expect([stranger.status, pointers(stranger.body)]).toEqual([422, ['/staffId']]);
      const boss = await owner.post('/admin/accounts', wanted({ role: 'emperor' }));
      expect([boss.status, pointers(boss.body)]).toEqual([422, ['/role']]);
    });

    it('of the role staff sees the bookings of its own calendar and no others', async () => {
      const mine = await aBooking(app, { startsAt: '2031-03-04T15:00:00Z' });
      const theirs = await aBooking(app, { startsAt: '2031-03-04T15:00:00Z' });
      const { email, staffId } = await aNewAccount({ role: 'staff', staffId: mine.resourceId });
      expect(staffId).toBe(mine.resourceId);
      const caller = app.as((await login(email, PASSWORD)).body.accessToken);
      const { body } = await caller.get('/admin/bookings?from=2031-03-04&to=2031-03-04');
      expect(body.data.map((booking: { id: string }) => booking.id)).toEqual([mine.id]);
      expect((await caller.get(`/admin/bookings/${mine.id}`)).status).toBe(200);
      expect((await caller.get(`/admin/bookings/${theirs.id}`)).status).toBe(404);
    });

    it('can be made on the command line with a calendar of its own', async () => {
      const staffId = await aStaffMember(app);
      const email = `cli-${newId()}@lawrei.example`;
      const run = (staff: string) =>
        lawrei(
          app,
          ['account:create', '--email', email, '--role', 'staff', '--staff', staff],
          `${PASSWORD}\n`,
        );
      expect(await run(MISSING)).toMatchObject({
        code: 1,
        err: expect.stringContaining('Nobody of that id works here'),
      });
      expect(await run(staffId)).toMatchObject({ code: 0 });
      expect(await app.sql('select resource_id from account where email = $1', [email])).toEqual([
        { resource_id: staffId },
      ]);
    }, 30_000);
  });

  describe('the list', () => {
    it('shows everybody once, page by page, in the order they were made', async () => {
      for (let made = 0; made < 3; made += 1) await aNewAccount();
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const { body } = await owner.get(`/admin/accounts?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
        seen.push(...body.data.map(({ id }: { id: string }) => id));
        cursor = body.page.nextCursor;
      }
      const all = await app.sql<{ id: string }>('select id from account order by id');
      expect(seen).toEqual(all.map(({ id }) => id));
    });

    it('and everything about accounts and the audit log is the owner’s alone', async () => {
      for (const role of ['staff', 'reception', 'manager'] as const) {
        const caller = app.as((await aStaffAccount(app, { role })).token);
        const answers = [
          await caller.get('/admin/accounts'),
          await caller.post('/admin/accounts', wanted({ role: 'staff' })),
          await caller.get(at(ownerId)),
          await caller.patch(at(ownerId), { role: 'staff' }),
          await caller.delete(at(ownerId)),
          await caller.get('/admin/audit'),
        ];
        expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403]);
      }
      expect((await owner.get(at(MISSING))).status).toBe(404);
      expect((await owner.patch(at(MISSING), { password: PASSWORD })).status).toBe(404);
      expect((await owner.delete(at(MISSING))).status).toBe(404);
    });
  });

  describe('the last owner', () => {
    it('who can sign in is neither demoted, disabled nor deleted; a disabled other one does not count', async () => {
      const other = await anAccount(app, { role: 'owner' });
      await owner.patch(at(other.id), { disabled: true });
      const answers = [
        await owner.patch(at(ownerId), { role: 'manager' }),
        await owner.patch(at(ownerId), { disabled: true }),
        await owner.delete(at(ownerId)),
      ];
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
        answers.map(() => [409, 'conflict']),
      );
      expect((await owner.patch(at(ownerId), { name: 'Still here' })).body.role).toBe('owner');
    });

    it('remains when two owners demote, disable or delete each other at the same moment', async () => {
      const takeAway = [
        (caller: Caller, id: string) => caller.patch(at(id), { role: 'staff' }),
        (caller: Caller, id: string) => caller.patch(at(id), { disabled: true }),
        (caller: Caller, id: string) => caller.delete(at(id)),
      ];
      for (const take of takeAway) {
        const [a, b] = [
          await aStaffAccount(app, { role: 'owner' }),
          await aStaffAccount(app, { role: 'owner' }),
        ];
        await app.sql(
          `update account set disabled_at = now() where role = 'owner' and id <> all($1::uuid[])`,
          [[a.id, b.id]],
        );
        const answers = await Promise.all([take(app.as(a.token), b.id), take(app.as(b.token), a.id)]);
        expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
        // The loser is told of the rule, or is no owner any more by the time it is asked who they are.
        const [lost] = answers.filter(({ status }) => status >= 300);
        expect([401, 403, 409]).toContain(lost?.status);
        const left = await app.sql(`select 1 from account where role = 'owner' and disabled_at is null`);
        expect(left).toHaveLength(1);
      }
    });

    it('remains, too, when both are past the door before either has changed anything', async () => {
      for (let round = 0; round < 5; round += 1) {
        const [a, b] = [await anAccount(app, { role: 'owner' }), await anAccount(app, { role: 'owner' })];
        await app.sql(
          `update account set disabled_at = now() where role = 'owner' and id <> all($1::uuid[])`,
          [[a.id, b.id]],
        );
        const demote = (by: string, whom: string) =>
          app.get(AccountChanges).change(asOwnerOf(by), whom, { role: 'staff' }, null);
        const ends = await Promise.allSettled([demote(a.id, b.id), demote(b.id, a.id)]);
        const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
        expect(lost).toEqual([expect.any(LastOwner)]);
      }
    });

    afterAll(async () => {
      await app.sql('update account set disabled_at = null where id = $1', [ownerId]);
      await app.sql(`update account set disabled_at = now() where role = 'owner' and id <> $1`, [ownerId]);
    });
  });
});
