import { setUp, tearDown } from '../global-setup-impl.js';
import { RandomYear } from './random-year.js';
import { YEAR } from './random-rows.js';
import { Random } from './random.js';
import { TestApp } from './test-app.js';

const SEED = Number(process.env['PROVE_SEED'] ?? 1);
const BOOKINGS = Number(process.env['BOOKINGS'] ?? 60_000);

/** A salon with a made-up year of as many bookings as the goals speak of, for a proof. */
export async function startProvenYear(keep: (undo: () => Promise<void>) => void): Promise<TestApp> {
  await setUp();
  keep(tearDown);
  const app = await TestApp.start({ env: { LAWREI_ROLE: 'api', RATE_LIMIT_SCALE: '1000' } });
  keep(() => app.stop());
  await app.timeIs(new Date(YEAR.now).toISOString());
  await new RandomYear(app, new Random(SEED)).write(BOOKINGS);
  // As autovacuum does a minute after so many rows were written.
  await app.sql('vacuum analyze');
  return app;
}
