import { request } from 'node:http';
import { aDataDir, TestEmulator, until } from './emulator.fixture.js';

const [ADA, BEN] = ['+14155550101', '+14155550102'];

describe('the control routes of the sandbox', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  beforeAll(async () => (emulator = await TestEmulator.start(dataDir.path)));
  afterAll(async () => {
    await emulator.stop();
    dataDir.remove();
  });
  beforeEach(() => emulator.control.reset());

  it('show what was sent to whom, all or only the latest', async () => {
    await emulator.control.config({ stepMs: 60_000 });
    await emulator.text(ADA, 'one');
    await emulator.text(BEN, 'two');
    const { seq, sms } = await emulator.control.state();
    expect(sms).toMatchObject([
      { to: ADA, body: 'one', status: 'queued', errorCode: null, callbacks: [] },
      { to: BEN, body: 'two' },
    ]);
    expect(Math.abs(Date.parse(sms[0]?.at ?? '') - Date.now())).toBeLessThan(10_000);

    await emulator.text(ADA, 'three');
    const bodies = async (filter: Parameters<typeof emulator.control.state>[0]) =>
      (await emulator.control.state(filter)).sms.map((message) => message.body);
    expect(await bodies({ to: ADA })).toEqual(['one', 'three']);
    expect(await bodies({ since: seq })).toEqual(['three']);
    expect(await bodies({ to: BEN, since: seq })).toEqual([]);
  });

  it('empty the sandbox, and go on with a clean log', async () => {
    await emulator.control.config({ publicUrl: 'http://127.0.0.1:1', stepMs: 1 });
    await emulator.control.inbound({ from: ADA, body: 'STOP' });
    await emulator.text(BEN, 'x');
    await emulator.control.faults([{ status: 500 }]);
    await emulator.control.reset();

    expect(await emulator.control.state()).toMatchObject({ sms: [], inbound: [], optOuts: [], emails: [] });
    expect((await emulator.control.listFaults()).rules).toEqual([]);
    expect((await emulator.control.log()).entries.map((entry) => entry.kind)).toEqual(['settings']);
    await emulator.text(ADA, 'welcome back');
    await until(
      () => emulator.control.state(),
      ({ sms }) => sms[0]?.status === 'delivered',
    );
  });

  it('tell who is there', async () => {
    const health = await emulator.control.health();
    expect(health).toMatchObject({ status: 'ok', pid: process.pid, dataDir: dataDir.path });
    expect(emulator.base).toContain(String(health.port));
  });

  it('refuse settings they do not understand', async () => {
    // On purpose not of the type the client asks for.
    const wrong = [{ publicUrl: 'ftp://x' }, { stepMs: -1 }, { step: 1 }, null, 'x'] as object[];
    for (const change of wrong) await expect(emulator.control.config(change)).rejects.toThrow('400');
    const notJson = await fetch(`${emulator.base}/__faults`, { method: 'POST', body: '{' });
    expect(notJson.status).toBe(400);
  });

  it('are closed to web pages and to other machines’ names', async () => {
    const fromPage = await fetch(`${emulator.base}/__state`, { headers: { origin: 'http://evil.example' } });
    expect(fromPage.status).toBe(403);
    const rebound = await new Promise((resolve) => {
      request(`${emulator.base}/__state`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(rebound).toBe(403);
  });

  it('answer "not found" for what they do not have, and "too large" for what nobody sends', async () => {
    const statusOf = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${emulator.base}${path}`, init)).status;
    expect(await statusOf('/__nothing')).toBe(404);
    expect(await statusOf('/__state', { method: 'PUT' })).toBe(404);
    expect(await statusOf('/v9/charges')).toBe(404);
    expect(await statusOf('/__faults', { method: 'POST', body: 'x'.repeat(1_000_001) })).toBe(413);
  });
});
