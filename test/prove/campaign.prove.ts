import { setUp, tearDown } from '../global-setup-impl.js';
import { Campaign } from '../load/campaign/campaign.js';
import { withCleanUp } from '../support/clean-up.js';

/** Everything dies again and again while people book: what was lost, what came twice, what came late. */
const KILLS = Number(process.env['KILLS'] ?? 1_000);
const EFFECTS_PER_KILL = 100;
const SEED = Number(process.env['PROVE_SEED'] ?? 1);

await withCleanUp(async (keep) => {
  await setUp();
  keep(tearDown);
  const campaign = await Campaign.start(keep, {
    ...{ seed: SEED, kills: KILLS, customers: 12, longestLifeMs: 6_500 },
    ...{ leapEveryMs: 30_000, postgresEveryMs: 60_000 },
  });
  const report = await campaign.run();
  const { troubles, sent, lost, doubled, blind, wrong } = report;
  console.log(
    `result: ${troubles.kills} kills, ${troubles.freezes} stand-stills beyond the lease, Redis emptied ${troubles.redisEmptied} and killed ${troubles.redisKilled} times, PostgreSQL restarted ${troubles.postgresRestarted} times, ${troubles.faults} faults of providers`,
  );
  console.log(
    `result: ${report.bookings} bookings, ${report.effects} effects: ${sent.texts} texts, ${sent.mails} e-mails, ${sent.events} events, ${sent.payments} payments`,
  );
  console.log(
    `result: ${lost.length} lost, ${doubled.length} doubled, ${blind.length} texts sent blindly again, ${report.textsGivenUp} texts given up after two sendings without an answer whose e-mail went, ${report.mailsAgain} e-mails handed over again under the same Message-ID, ${report.flagged} left to people, ${wrong.length} wrong answers`,
  );
  console.log(
    `result: texts p99 ${report.lateP99.toFixed(1)} s late (most ${report.lateMost.toFixed(1)}), a killed node serves again p99 ${report.recoveredP99.toFixed(1)} s later`,
  );
  const faults = [...lost, ...doubled, ...blind, ...wrong];
  for (const fault of faults.slice(0, 40)) console.error(fault);
  const isTooLittle = report.effects < KILLS * EFFECTS_PER_KILL;
  if (isTooLittle) console.error(`only ${report.effects} effects`);
  process.exitCode = faults.length > 0 || isTooLittle ? 1 : 0;
});
