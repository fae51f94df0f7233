/**
 * `npm run bench`: Lawrei beside a baseline of its own on one embedded PostgreSQL. `-- --help` tells the options. Ends with 1
 * when a goal that must be reached is missed by more than a shared machine drifts.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { withCleanUp } from '../support/clean-up.js';
import { benchBookings, benchIsolation } from './bookings.bench.js';
import { prepareGround, type BenchOptions, type Ground } from './ground.js';
import { benchPayments } from './payments.bench.js';
import { markdownOf, verdictOf, type Report } from './report.js';
import { benchGrowth, benchSlots } from './slots.bench.js';
import { benchStart } from './start.bench.js';

const WRITTEN_TO = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** In this order: growth comes last, since it makes the database another. */
const PARTS = {
  start: benchStart,
  slots: benchSlots,
  bookings: benchBookings,
  isolation: benchIsolation,
  payments: benchPayments,
  growth: benchGrowth,
} satisfies Record<string, (ground: Ground, report: Report) => Promise<void>>;
type Part = keyof typeof PARTS;

const USAGE = `npm run bench -- [options]
  --only ${Object.keys(PARTS).join('|')}   one part (can be given several times)
  --growth          also fill up to a million bookings and measure slots again (minutes)
  --seconds N       length of one measurement (5)
  --rounds N        how often each is measured; the medians count (3)
  --seed N          for the salon and the order of bookings (1)
  --profile FOLDER  write a processor profile of Lawrei there
  --write           write docs/performance.md`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    growth: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const isPart = (name: string): name is Part => name in PARTS;

function partsWanted(): Part[] {
  const asked = values.only ?? Object.keys(PARTS).filter((name) => name !== 'growth' || values.growth);
  const unknown = asked.filter((name) => !isPart(name));
  if (unknown.length > 0) throw new Error(`No such part: ${unknown.join(', ')}\n${USAGE}`);
  return Object.keys(PARTS)
    .filter((name) => asked.includes(name))
    .filter(isPart);
}

async function bench(): Promise<boolean> {
  const options: BenchOptions = {
    seconds: Number(values.seconds),
    rounds: Number(values.rounds),
    seed: Number(values.seed),
    bookings: 10_000,
    profile: values.profile ?? null,
  };
  const parts = partsWanted();
  const report: Report = { goals: [], figures: [], notes: [] };
  await withCleanUp(async (keep) => {
    const ground = await prepareGround(options, keep);
    for (const part of parts) {
      console.error(`Measuring ${part} …`);
      await PARTS[part](ground, report);
    }
  });
  const text = markdownOf(report, options);
  console.log(text);
  if (values.write) writeFileSync(WRITTEN_TO, text);
  return report.goals.every((goal) => verdictOf(goal) !== 'missed');
}

if (values.help) console.log(USAGE);
else process.exitCode = (await bench()) ? 0 : 1;
