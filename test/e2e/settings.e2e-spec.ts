import { auditActionsOf } from '../support/audit-trail.js';
import { aService, aStaffAccount, theOwner } from '../support/factories.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { freshDatabase } from '../support/test-database.js';

describe('running the salon', () => {
  let app: TestApp;
  let owner: Caller;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = app.as(await theOwner(app));
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  afterAll(() => app.stop());

  const auditOf = (subjectId: string) => auditActionsOf(app, subjectId);
  const problem = (code: string, pointer?: string) => ({
    code,
    ...(pointer ? { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) } : {}),
  });

  describe('the settings', () => {
    it('begin with what the configuration says', async () => {
      const { status, body, headers } = await owner.get('/admin/settings');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        name: 'Lawrei Beauty',
        timeZone: 'America/New_York',
        currency: 'USD',
        holdMinutes: 10,
        maxActiveBookings: 10,
      });
      expect(headers['etag']).toBe(`"${body.version}"`);
    });

    it('are seeded once, also when two processes boot on an empty database at the same moment', async () => {
      const database = await freshDatabase();
      const booted = await Promise.all([1, 2].map(() => TestApp.start({ database })));
      const again = await TestApp.start({ database, env: { BUSINESS_NAME: 'Another', BUSINESS_DAYS: '7' } });
      try {
        expect(await again.sql('select name from business')).toEqual([{ name: 'Lawrei Beauty' }]);
        const weekdays = await again.sql<{ weekday: number }>(
          'select weekday from weekly_hours order by weekday',
        );
        expect(weekdays.map((row) => row.weekday)).toEqual([1, 2, 3, 4, 5]);
      } finally {
        for (const one of [...booted, again]) await one.stop();
      }
    });

    it('change one by one, and say who changed them', async () => {
      const before = (await owner.get('/admin/settings')).body;
      const changed = await owner.patch('/admin/settings', {
        phone: '+1 500 555 0100',
        cancelNoticeHours: 48,
        helpUrl: 'https://lawrei.example/help',
      });
      expect(changed.status).toBe(200);
      expect(changed.body).toEqual({
        ...before,
        phone: '+15005550100',
        cancelNoticeHours: 48,
        helpUrl: 'https://lawrei.example/help',
        version: before.version + 1,
      });
      const cleared = await owner.patch('/admin/settings', {
        phone: null,
        smsCountries: ['US', 'CA'],
        refundTiers: [
          { hoursBefore: 0, percent: 50 },
          { hoursBefore: 48, percent: 100 },
        ],
      });
      expect(cleared.body).toMatchObject({
        phone: null,
        smsCountries: ['US', 'CA'],
        refundTiers: [
          { hoursBefore: 48, percent: 100 },
          { hoursBefore: 0, percent: 50 },
        ],
      });
      const [{ id } = { id: '' }] = await app.sql<{ id: string }>('select id from business');
      expect(await auditOf(id)).toEqual(['settings.changed', 'settings.changed']);
    });

    it('are not overwritten unseen when the owner says which version they read', async () => {
      const { version } = (await owner.get('/admin/settings')).body;
      expect(
        (await owner.patch('/admin/settings', { maxReschedules: 5 }, { 'if-match': `"${version}"` })).status,
      ).toBe(200);
      const stale = await owner.patch(
        '/admin/settings',
        { maxReschedules: 6 },
        { 'if-match': `"${version}"` },
      );
      expect([stale.status, stale.body.code]).toEqual([412, 'version-mismatch']);
    });

    it.each([
      ['/quietTo', { quietFrom: '21:00', quietTo: '08:00' }],
      [
        '/refundTiers',
        {
          refundTiers: [
            { hoursBefore: 1, percent: 1 },
            { hoursBefore: 1, percent: 2 },
          ],
        },
      ],
      ['/timeZone', { timeZone: 'Mars/Olympus' }],
      ['/currency', { currency: 'XXQ' }],
      ['/smsCountries', { smsCountries: ['Atlantis'] }],
      ['/helpUrl', { helpUrl: 'javascript:alert(1)' }],
      ['/horizonDays', { horizonDays: 0 }],
      ['/secretDiscount', { secretDiscount: 100 }],
    ])('refuse nonsense in %s', async (pointer, change) => {
      const { status, body } = await owner.patch('/admin/settings', change);
      expect(status).toBe(422);
      expect(body).toMatchObject(problem('validation-failed', pointer));
    });

    it('keep their currency once something has a price in it', async () => {
      await aService(app);
      const refused = await owner.patch('/admin/settings', { currency: 'EUR' });
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    });

    it('are all listed with where they come from, and no secret is shown', async () => {
      const { body, text } = await owner.get('/admin/settings/effective');
      expect(body.settings).toEqual(
        expect.arrayContaining([
          { name: 'LOG_LEVEL', value: 'silent', origin: 'env' },
          { name: 'LAWREI_ROLE', value: 'all', origin: 'default' },
          { name: 'LAWREI_OWNER_PASSWORD', value: '•••', origin: 'env' },
          { name: 'ENCRYPTION_KEY', value: null, origin: 'default' },
          { name: 'timeZone', value: 'America/New_York', origin: 'db' },
        ]),
      );
      expect(text).not.toContain(app.config.owner?.password);
    });

    it('belong to the owner alone', async () => {
      for (const path of ['/admin/settings', '/admin/settings/effective']) {
        expect([(await manager.get(path)).status, (await app.as().get(path)).status]).toEqual([403, 401]);
      }
      expect((await manager.patch('/admin/settings', {})).status).toBe(403);
    });
  });
});
