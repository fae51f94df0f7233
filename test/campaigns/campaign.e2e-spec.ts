import { Campaign, type CampaignReport } from '../load/campaign/campaign.js';

const KILLS = 40;
const SEED = 20_261_127;

describe('with everything dying while people book', () => {
  const kept: (() => Promise<void> | void)[] = [];
  let report: CampaignReport;
  beforeAll(async () => {
    const campaign = await Campaign.start((letGo) => void kept.push(letGo), {
      ...{ seed: SEED, kills: KILLS, customers: 4, longestLifeMs: 1_500 },
      ...{ leapEveryMs: 20_000, postgresEveryMs: 30_000 },
    });
    report = await campaign.run();
  }, 400_000);
  afterAll(async () => {
    for (const letGo of kept.toReversed()) await letGo();
  }, 60_000);

  it('nothing is lost, nothing comes twice, and nobody sees more than that it takes a while', () => {
    const { lost, doubled, blind, wrong } = report;
    expect({ lost, doubled, blind, wrong }).toEqual({ lost: [], doubled: [], blind: [], wrong: [] });
  });

  it('enough happened to say so', () => {
    const { troubles, effects, sent } = report;
    expect(troubles.kills).toBeGreaterThanOrEqual(KILLS);
    expect(troubles.postgresRestarted).toBeGreaterThan(0);
    expect(troubles.faults).toBeGreaterThan(20);
    expect(effects).toBeGreaterThan(500);
    expect(Math.min(sent.texts, sent.mails, sent.events, sent.payments)).toBeGreaterThan(10);
  });
});
