import { PaymentHistory, startForHistories } from '../support/payment-histories.js';
import type { TestApp } from '../support/test-app.js';

const HISTORIES = 200;
const SEED = 20_261_125;

describe('money', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startForHistories();
  });
  afterAll(() => app.stop());

  it(`ends as a patient bookkeeper would say, in ${HISTORIES} random histories`, async () => {
    const faults: string[] = [];
    for (let at = 0; at < HISTORIES; at += 1) faults.push(...(await PaymentHistory.run(app, SEED + at)));
    expect(faults).toEqual([]);
  }, 240_000);
});
