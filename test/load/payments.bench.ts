import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSandbox, stopSandbox } from '../../src/sandbox/sandbox.process.js';
import { SandboxClient } from '../../src/sandbox/sandbox.client.js';
import { startLawrei } from '../support/app-process.js';
import { withCleanUp } from '../support/clean-up.js';
import { Random } from '../support/random.js';
import type { Ground } from './ground.js';
import { median } from './measure.js';
import type { Report } from './report.js';
import { aService, freshStarts, people } from './seed.js';

/** Payers of one round, and how many of them pay at the same moment. */
const PAYERS = 40;
const AT_ONCE = 8;
const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 30_000;

/**
 * From the instant the sandbox has taken the money until the booking is confirmed, webhook and all, and how long the client waits
 * for what it needs to pay. A node that does everything itself, and the sandbox beside it.
 */
export async function benchPayments(ground: Ground, report: Report): Promise<void> {
  const { database, options } = ground;
  const { sql } = database;
  await withCleanUp(async (keep) => {
    const dataDir = join(database.home, 'paying');
    const lawrei = await startLawrei({
      LAWREI_DATA_DIR: dataDir,
      DATABASE_URL: database.ownerUrl,
      DATABASE_APP_PASSWORD: database.appPassword,
      RATE_LIMIT_SCALE: '100000',
      LOG_LEVEL: 'warn',
    });
    keep(() => lawrei.stop());
    const sandbox = await startSandbox({ dataDir });
    keep(() => stopSandbox(sandbox));
    const payer = new SandboxClient(sandbox.httpBase);
    const serviceId = await aService(sql, 'Paid', 'full');
    const otherStaffIds = await people(sql, serviceId, 20);
    const next = freshStarts({ ...ground.salon, otherStaffIds }, new Random(options.seed));

    const post = async (path: string, body: unknown, token?: string) => {
      const headers = {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      };
      const answer = await fetch(`${lawrei.url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Record<string, string>;
    };
    let guests = 0;
    const payOnce = async (): Promise<{ started: number; confirmed: number }> => {
      guests += 1;
      const contact = {
        phone: `+1666${String(guests).padStart(7, '0')}`,
        email: `payer-${guests}@load.example`,
      };
      const made = await post('/api/bookings', {
        serviceId,
        ...next(),
        customer: { name: 'Ada Lovelace', ...contact },
      });
      const { accessToken } = await post('/api/manage/session', { token: made['manageToken'] });
      const asked = performance.now();
      await post(`/api/bookings/${made['id']}/payment`, {}, accessToken);
      const started = performance.now() - asked;
      await payer.pay({ bookingId: made['id'] ?? '' });
      const paid = performance.now();
      while (
        (await sql(`select 1 from booking where id = $1 and status = 'confirmed'`, [made['id']])).length === 0
      ) {
        if (performance.now() - paid > PATIENCE_MS)
          throw new Error(`a paid booking is not confirmed\n${lawrei.output()}`);
        await pause(LOOK_EVERY_MS);
      }
      return { started, confirmed: performance.now() - paid };
    };

    await payOnce(); // the SDK is loaded when it is first needed
    const waits: Record<'started' | 'confirmed', number[]> = { started: [], confirmed: [] };
    for (let round = 0; round < options.rounds; round += 1) {
      const paid: { started: number; confirmed: number }[] = [];
      while (paid.length < PAYERS)
        paid.push(...(await Promise.all(Array.from({ length: AT_ONCE }, payOnce))));
      for (const name of ['started', 'confirmed'] as const)
        waits[name].push(nineteenOfTwenty(paid.map((one) => one[name])));
    }
    report.goals.push({
      what: 'paid until confirmed',
      measured: `p95 of ${PAYERS} payers, ${AT_ONCE} at the same moment, webhook and all`,
      value: median(waits.confirmed),
      unit: 'ms',
      must: 2_000,
      aim: 500,
      better: 'less',
    });
    report.notes.push(
      `\`POST /api/bookings/:id/payment\` with the sandbox's answer: p95 ${median(waits.started).toFixed(0)} ms, ${AT_ONCE} at the same moment.`,
    );
  });
}

function nineteenOfTwenty(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;
}
