import { setUp, tearDown } from '../global-setup-impl.js';
import { aSession, castOf } from '../support/cast.js';
import { withCleanUp } from '../support/clean-up.js';
import { fromAddress } from '../support/factories.js';
import { medianOf, sameDistribution } from '../support/kolmogorov-smirnov.js';
import { Random } from '../support/random.js';
import { TestApp } from '../support/test-app.js';

/** Known and unknown contacts, asked in turn: nobody can tell by the time it takes which is which. */
const COUNT = 2_000;
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
const LEAST_P = 0.01;

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
  keep(() => app.stop());
  const cast = await castOf(app);
  const ben = app.as(await aSession(app, { kind: 'customer', customerId: cast.ben.customerId }));
  const random = new Random(SEED);

  const timed = async (ask: () => Promise<{ status: number }>, expected: number): Promise<number> => {
    const begun = performance.now();
    const { status } = await ask();
    const took = performance.now() - begun;
    if (status !== expected) throw new Error(`answered ${status} instead of ${expected}`);
    return took;
  };
  /** In turn, who goes first is drawn; the first two hundred warm up. */
  const compare = async (
    name: string,
    ask: (email: string) => () => Promise<{ status: number }>,
    expected: number,
  ) => {
    const contacts = { known: cast.ada.email, unknown: 'nobody-at-all@private.example' };
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let round = -200; round < COUNT; round += 1) {
      const order = random.next() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const which of order) {
        const took = await timed(ask(contacts[which]), expected);
        if (round >= 0) times[which].push(took);
      }
    }
    const p = sameDistribution(times.known, times.unknown);
    const difference = Math.abs(medianOf(times.known) - medianOf(times.unknown));
    console.log(
      `result: ${name}: ${COUNT} known and ${COUNT} unknown in turn, p = ${p.toFixed(3)} that they are alike, medians ${medianOf(times.known).toFixed(2)} and ${medianOf(times.unknown).toFixed(2)} ms`,
    );
    return p > LEAST_P && difference < 1;
  };

  const byCode = await compare(
    'POST /api/auth/code',
    (to) => () => fromAddress(app, '198.51.100.7').post('/api/auth/code', { channel: 'email', to }),
    202,
  );
  const byEmail = await compare(
    'GET /api/customer-portal/:email',
    (email) => () => ben.get(`/api/customer-portal/${email}`),
    404,
  );
  process.exitCode = byCode && byEmail ? 0 : 1;
});
