import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seedSalon } from '../load/seed.js';
import { productionEnv, startLawrei } from '../support/app-process.js';
import { withCleanUp } from '../support/clean-up.js';
import { startOwnDatabase } from '../support/own-database.js';
import { Random } from '../support/random.js';

/**
 * How long a salon with many bookings is closed whose database was lost, by the runbook's commands, and how much it loses at most
 * with a backup every five minutes. What is told, found and forgotten again: test/campaigns/restore.e2e-spec.ts.
 */
const SEED = Number(process.env['PROVE_SEED'] ?? 1);
const BOOKINGS = Number(process.env['RESTORE_BOOKINGS'] ?? 1_000_000);
const BACKUP_EVERY_S = 300;
const MOST_S = 600;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

await withCleanUp(async (keep) => {
  const database = await startOwnDatabase();
  keep(() => database.stop());
  const env = productionEnv(database);
  const lawrei = async (...args: string[]) => {
    const { DATABASE_URL: _url, DATABASE_APP_PASSWORD: _password, NODE_ENV: _production, ...own } = env;
    const began = performance.now();
    const command = [join(ROOT, 'scripts', 'start.mjs'), 'cli', ...args];
    await promisify(execFile)(process.execPath, command, {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...own },
    });
    return (performance.now() - began) / 1_000;
  };
  const bookings = async () => {
    const [row] = await database.sql<{ count: number; megabytes: number }>(
      `select count(*)::int as count, (pg_database_size(current_database()) / 1e6)::int as megabytes from booking`,
    );
    return row ?? { count: 0, megabytes: 0 };
  };
  const node = await startLawrei(env);
  await seedSalon(database.sql, new Random(SEED), BOOKINGS);
  const before = await bookings();

  const backup = join(database.home, 'backup');
  const backupTook = await lawrei('backup', backup);
  await node.kill();
  let [restoreTook, began] = [0, 0];
  await database.restart(async () => {
    rmSync(join(database.home, 'postgres', 'data', 'global'), { recursive: true });
    began = performance.now();
    restoreTook = await lawrei('restore', backup);
  });
  const again = await startLawrei(env);
  const closedFor = (performance.now() - began) / 1_000;
  await again.stop();
  const after = await bookings();

  console.log(
    `result: ${before.count} bookings, ${before.megabytes} MB: a backup while it is in use takes ${backupTook.toFixed(1)} s, restore ${restoreTook.toFixed(1)} s`,
  );
  console.log(
    `result: RTO ${closedFor.toFixed(1)} s from the loss to the first answer (at most ${MOST_S}); RPO with a backup every ${BACKUP_EVERY_S} s: ${(BACKUP_EVERY_S + backupTook).toFixed(0)} s; ${before.count - after.count} of the bookings in the backup are lost`,
  );
  process.exitCode = closedFor <= MOST_S && after.count === before.count ? 0 : 1;
});
