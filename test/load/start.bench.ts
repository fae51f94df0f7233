import { setTimeout as pause } from 'node:timers/promises';
import { startLawrei, startServer } from '../support/app-process.js';
import type { Ground } from './ground.js';
import { median } from './measure.js';
import { residentMegabytes } from './processor-time.js';
import type { Report } from './report.js';

const SETTLED_MS = 3_000;

/** From the process's start to its first good answer, beside a Nest application that says hello; and what an idle node occupies. */
export async function benchStart(ground: Ground, report: Report): Promise<void> {
  const lawrei: number[] = [];
  const hello: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < ground.options.rounds; round += 1) {
    const bare = await startServer({
      file: new URL('./hello-world.mjs', import.meta.url),
      env: {},
      ready: '/',
    });
    hello.push(bare.readyAfterMs);
    await bare.stop();
    const node = await startLawrei(ground.env);
    lawrei.push(node.readyAfterMs);
    await pause(SETTLED_MS);
    idle.push(residentMegabytes(node.pid) ?? Number.NaN);
    await node.stop();
  }
  report.goals.push(
    {
      what: 'cold start to ready, migrated, external PostgreSQL',
      measured: `${median(lawrei).toFixed(0)} ms after ${median(hello).toFixed(0)} of a Nest hello world`,
      value: median(lawrei) / median(hello),
      unit: '×',
      must: 2.5,
      aim: 1.8,
      better: 'less',
    },
    {
      what: 'memory, idle',
      measured: 'resident size 3 s after ready',
      value: median(idle),
      unit: 'MB',
      must: 200,
      aim: 160,
      better: 'less',
    },
  );
}
