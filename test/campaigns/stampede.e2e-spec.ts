import { installationSecrets } from '../support/app-process.js';
import { brokenInvariants, deadlocksSeen } from '../support/booking-invariants.js';
import { confirmRaces, createRaces, moveRaces, timeOffRaces } from '../support/races.js';
import { openForRaces, type Arena } from '../support/stampede-salon.js';
import { stampede } from '../support/stampede.js';
import { OWNER_EMAIL, OWNER_PASSWORD, TestApp } from '../support/test-app.js';

const SEED = 20_300_310;

describe('everybody wants the same hour', () => {
  let nodes: TestApp[];
  let one: Arena;
  let both: Arena;

  beforeAll(async () => {
    // Requests alone: messages are promised here and sent elsewhere.
    const env = { ...installationSecrets(), RATE_LIMIT_SCALE: '100000', LAWREI_ROLE: 'api' };
    const first = await TestApp.start({ env });
    const shared = { ...env, PUBLIC_URL: first.config.publicUrl };
    nodes = [first, await TestApp.start({ env: shared, database: first.database })];
    const urls = await Promise.all(nodes.map((node) => node.app.getUrl()));
    const sql: Arena['sql'] = (text, values) => first.sql(text, values);
    const owner = { email: OWNER_EMAIL, password: OWNER_PASSWORD };
    one = { urls: urls.slice(0, 1), sql, owner };
    both = { urls, sql, owner };
    await openForRaces(both);
  });

  afterAll(() => Promise.all(nodes.map((node) => node.stop())));

  const expectNothingBroken = async (faults: readonly string[]) => {
    expect(faults).toEqual([]);
    expect(await brokenInvariants(one.sql)).toEqual([]);
  };

  it('and as many as fit get it, in a stampede of five hundred on one node', async () => {
    const run = await stampede(one, SEED);
    await expectNothingBroken(run.faults);
  }, 60_000);

  it('and as many as fit get it, when two nodes share the database', async () => {
    const run = await stampede(both, SEED + 1);
    await expectNothingBroken(run.faults);
  }, 60_000);

  it.each([
    ['book it', createRaces],
    ['move into it', moveRaces],
    ['confirm a hold on it that runs out, or take it', confirmRaces],
  ])(
    'and one of fifty gets it who %s',
    async (_what, races) => {
      const { faults } = await races(both, SEED, 2);
      await expectNothingBroken(faults);
    },
    60_000,
  );

  it('and nobody books an hour that is being taken off without the salon being told', async () => {
    const { faults } = await timeOffRaces(both, SEED, 20);
    await expectNothingBroken(faults);
  }, 60_000);

  it('without a single deadlock', async () => {
    expect(await deadlocksSeen(one.sql)).toBe(0);
  });
});
