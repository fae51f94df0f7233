import { provoke, summaryOf, type MalformedReport } from '../support/malformed-run.js';
import { TestApp } from '../support/test-app.js';

const COUNT = Number(process.env['MALFORMED_REQUESTS'] ?? 2_000);
const SEED = Number(process.env['MALFORMED_SEED'] ?? 20_300_304);

describe('requests that no client of ours would send, to every route', () => {
  let app: TestApp;
  let report: MalformedReport;
  beforeAll(async () => {
    app = await TestApp.start({
      env: { LAWREI_ROLE: 'api', METRICS_TOKEN: 'a collector has another token' },
    });
    report = await provoke(app, COUNT, SEED);
  }, 120_000);
  afterAll(() => app.stop());

  it('are each refused with a problem document, and break nothing', () => {
    expect(report.routes).toBeGreaterThan(50);
    expect(report.sent).toBe(COUNT);
    expect(summaryOf(report.violations)).toEqual([]);
  });

  it('are refused in more than one way: the body, its form, the path, the query and the caller', () => {
    expect(Object.keys(report.byStatus)).toEqual(
      expect.arrayContaining(['400', '401', '404', '413', '415', '422']),
    );
  });

  it('leave nothing behind in any table', () => {
    expect(report.written).toEqual([]);
  });
});
