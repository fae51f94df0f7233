import { setUp, tearDown } from '../global-setup-impl.js';
import { withCleanUp } from '../support/clean-up.js';
import { provoke, summaryOf } from '../support/malformed-run.js';
import { TestApp } from '../support/test-app.js';

/** 50,000 malformed requests over every route: none is served, none breaks anything, nothing is written. */
const COUNT = 50_000;
const SEED = Number(process.env['PROVE_SEED'] ?? 1);

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const app = await TestApp.start({
    env: { LAWREI_ROLE: 'api', METRICS_TOKEN: 'a collector has another token' },
  });
  keep(() => app.stop());
  const { sent, routes, byStatus, violations, written, p99 } = await provoke(app, COUNT, SEED);
  const statuses = Object.entries(byStatus).map(([status, count]) => `${count} × ${status}`);
  console.log(`result: ${sent} malformed requests to ${routes} routes: ${statuses.join(', ')}`);
  console.log(
    `result: ${violations.length} served, broken or misdescribed; tables written to: ${written.join(', ') || 'none'}; p99 ${p99.toFixed(1)} ms with 8 at once`,
  );
  for (const line of summaryOf(violations)) console.error(line);
  process.exitCode = violations.length > 0 || written.length > 0 ? 1 : 0;
});
