import { Retention } from '../../src/privacy/retention.service.js';
import { theOwner } from '../support/factories.js';
import { TestApp, type Caller } from '../support/test-app.js';

const PATH = '/admin/privacy/retention';
const DEFAULTS = {
  ...{ identity: 24, notes: 12, messages: 12, bookings: 36, payments: 120, consents: 60, audit: 24 },
};

describe('what is kept for a time', () => {
  let app: TestApp;
  let owner: Caller;
  beforeAll(async () => {
    app = await TestApp.start();
    owner = app.as(await theOwner(app));
  });
  afterAll(() => app.stop());

  const one = async (text: string, ...values: unknown[]) => (await app.sql(text, values))[0];
  const night = () => app.get(Retention).night();
  const lastDay = async () => (await owner.get(PATH)).body.lastNight?.day;

  describe('has rules', () => {
    afterEach(() => owner.put(PATH, DEFAULTS));

    it('that begin as the documents say; the owner changes them, and it is on record', async () => {
      expect((await owner.get(PATH)).body).toMatchObject(DEFAULTS);
      const changed = await owner.put(PATH, { ...DEFAULTS, notes: 6 });
      expect([changed.status, changed.body.notes]).toEqual([200, 6]);
      expect((await owner.get(PATH)).body.notes).toBe(6);
      const entry = await one(
        `select details from audit_log where action = 'privacy.retention-changed' order by at desc limit 1`,
      );
      expect(entry?.['details']).toEqual({ notes: '12 → 6' });
    });

    it.each<[what: string, body: object]>([
      ['payments shorter than the law wants', { ...DEFAULTS, payments: 119 }],
      ['nothing at all', { ...DEFAULTS, notes: 0 }],
      ['for ever', { ...DEFAULTS, audit: 241 }],
      ['one kind left out', { identity: 24 }],
      ['a kind that there is not', { ...DEFAULTS, gossip: 12 }],
    ])('but not: %s', async (_, body) => {
      expect((await owner.put(PATH, body)).body.code).toBe('validation-failed');
      expect((await owner.get(PATH)).body).toMatchObject(DEFAULTS);
    });
  });

  describe('ends once a night', () => {
    it('whichever process comes first, and on nights that begin at three', async () => {
      await app.timeIs('2050-06-01T02:59:00-04:00');
      await Promise.all(Array.from({ length: 8 }, night));
      expect(await lastDay()).toBe('2050-05-31');
      await app.timeIs('2050-06-01T03:01:00-04:00');
      await app.sweep();
      expect(await lastDay()).toBe('2050-06-01');
      const nights = await app.sql(
        `select ended_at is not null as over from retention_night where day >= '2050-05-31'`,
      );
      expect(nights).toEqual([{ over: true }, { over: true }]);
    });

    it('also where the process that took it died', async () => {
      await app.timeIs('2050-07-01T10:00:00-04:00');
      await app.sql(
        `insert into retention_night (day, started_at) values ('2050-07-01', now() - interval '59 minutes')`,
      );
      await night();
      expect(await lastDay()).not.toBe('2050-07-01');
      await app.sql(
        `update retention_night set started_at = now() - interval '61 minutes' where day = '2050-07-01'`,
      );
      await night();
      expect(await lastDay()).toBe('2050-07-01');
    });

    it('and not again though it began hours ago', async () => {
      await app.timeIs('2050-08-01T10:00:00-04:00');
      await night();
      await app.sql(
        `update retention_night set started_at = now() - interval '2 hours' where day = '2050-08-01'`,
      );
      await night();
      const begun = await one(
        `select started_at < now() - interval '1 hour' as before from retention_night where day = '2050-08-01'`,
      );
      expect(begun).toEqual({ before: true });
    });

    it('and again an hour later where a kind failed; the others end all the same', async () => {
      await app.timeIs('2050-09-01T10:00:00-04:00');
      await app.sql(`select audit_log_ensure_month('2020-01-01')`);
      const month = async () => (await one(`select to_regclass('audit_log_202001') as name`))?.['name'];
      await app.sql('alter function drop_old_consents(int) rename to gone');
      await night();
      expect([await month(), (await lastDay()) === '2050-09-01']).toEqual([null, false]);
      await app.sql('alter function gone(int) rename to drop_old_consents');
      await app.sql(
        `update retention_night set started_at = now() - interval '61 minutes' where day = '2050-09-01'`,
      );
      await app.sweep();
      expect(await lastDay()).toBe('2050-09-01');
    });
  });
});
