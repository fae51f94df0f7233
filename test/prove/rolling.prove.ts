import { setTimeout as pause } from 'node:timers/promises';
import { Migration } from '@mikro-orm/migrations';
import { migrate } from '../../src/database/database.boot.js';
import { MIGRATIONS } from '../../src/database/migrations/migrations.js';
import { ENTITIES } from '../../src/entities.js';
import type { Answered } from '../load/open-loop.js';
import { SignedIn } from '../load/signed-in.js';
import { failuresOf, isServed, lostOf, TwoNodes } from '../load/two-nodes.js';
import { installationSecrets } from '../support/app-process.js';
import { withCleanUp } from '../support/clean-up.js';
import { percentileOf } from '../support/kolmogorov-smirnov.js';
import { Random } from '../support/random.js';

/** Two nodes behind the proxy of docker/compose.yaml, under load: restarted in turn, migrated, and their PostgreSQL restarted. */
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
const BOOKINGS = Number(process.env['ROLLING_BOOKINGS'] ?? 1_000_000);
const RESTARTS = Number(process.env['ROLLING_RESTARTS'] ?? 10);
const PER_SECOND = 50;
const CALM_MS = 5_000;
/** After PostgreSQL is back a node may have to notice that its connections are gone. */
const RECOVERED_WITHIN_MS = 10_000;

/** What comes first in an expand–contract change: a column that the running version does not know. */
class LiveColumn extends Migration {
  override up(): void {
    this.addSql('alter table booking add column live_note varchar(100) null');
  }
}

/** Without a transaction, as PostgreSQL asks for it; a half-made index of a broken attempt is in the way. */
class LiveIndex extends Migration {
  override isTransactional(): boolean {
    return false;
  }
  override up(): void {
    this.addSql('drop index concurrently if exists booking_live_note');
    this.addSql('create index concurrently booking_live_note on booking (live_note, starts_at)');
  }
}

/** A rule for rows to come, then for those that stand, which locks nobody out. */
class LiveRule extends Migration {
  override isTransactional(): boolean {
    return false;
  }
  override up(): void {
    this.addSql('alter table booking drop constraint if exists live_note_short');
    this.addSql(
      'alter table booking add constraint live_note_short check (length(live_note) <= 50) not valid',
    );
    this.addSql('alter table booking validate constraint live_note_short');
  }
}

const LIVE = [LiveColumn, LiveIndex, LiveRule];

await withCleanUp(async (keep) => {
  const both = await TwoNodes.start(keep, new Random(SEED), { count: BOOKINGS });
  const { database } = both;
  let isGood = true;

  /** What is answered while the work goes on, and a while before and after it. */
  const during = async (work: () => Promise<void>): Promise<Answered[]> => {
    const load = both.load(PER_SECOND);
    await pause(CALM_MS);
    await work();
    await pause(CALM_MS);
    await load.stop();
    return load.answered;
  };
  const told = (what: string, answered: readonly Answered[]) => {
    const failed = failuresOf(answered);
    isGood &&= failed.length === 0;
    const times = answered.map(({ ms }) => ms);
    console.log(
      `result: ${what} on ${BOOKINGS} bookings at ${PER_SECOND} requests a second: ${failed.length} of ${answered.length} failed, p50 ${percentileOf(times, 50).toFixed(0)} ms, p99 ${percentileOf(times, 99).toFixed(0)} ms`,
    );
  };

  const restarted = await during(async () => {
    for (let round = 0; round < RESTARTS; round += 1) {
      await both.restartAll();
    }
  });
  told(`${RESTARTS} rolling restarts`, restarted);

  const migrated = await during(async () => {
    const applied = await migrate(database.ownerUrl, ENTITIES, null, [...MIGRATIONS, ...LIVE]);
    if (applied !== LIVE.length) throw new Error(`${applied} migrations instead of ${LIVE.length}`);
  });
  told(`${LIVE.length} migrations`, migrated);

  const staff = new SignedIn(both.url);
  const rotated = await during(async () => {
    const [before = '', after = ''] = [both.env['JWT_PRIVATE_KEY'], installationSecrets()['JWT_PRIVATE_KEY']];
    // As docs/runbook.md says: known, then used, then the old one goes.
    for (const [key, next] of [
      [before, after],
      [after, before],
    ] as const) {
      Object.assign(both.env, { JWT_PRIVATE_KEY: key, JWT_NEXT_PRIVATE_KEY: next });
      await both.restartAll();
    }
  });
  await staff.stop();
  for (const refused of staff.refused.slice(0, 10)) console.error(refused);
  isGood &&= staff.refused.length === 0;
  told('the key of access tokens changed', rotated);
  console.log(`result: meanwhile ${staff.refused.length} of ${staff.asked} requests of staff were refused`);

  let backAt = 0;
  const interrupted = await during(async () => {
    await database.restart();
    backAt = Date.now();
    await pause(RECOVERED_WITHIN_MS);
  });
  const failed = interrupted.filter((answer) => !isServed(answer));
  const wrong = failed.filter(({ status }) => status !== 503);
  failuresOf(wrong);
  const last = Math.max(backAt, ...failed.map(({ askedAt, ms }) => askedAt + ms));
  const { promised, lost } = await lostOf(database, [...restarted, ...migrated, ...rotated, ...interrupted]);
  isGood &&= wrong.length === 0 && lost === 0 && last - backAt <= RECOVERED_WITHIN_MS;
  console.log(
    `result: PostgreSQL restarted: ${failed.length} of ${interrupted.length} refused with 503, ${wrong.length} otherwise, the last ${((last - backAt) / 1_000).toFixed(1)} s after it was back; of ${promised} bookings that were promised ${lost} are lost`,
  );
  process.exitCode = isGood ? 0 : 1;
});
