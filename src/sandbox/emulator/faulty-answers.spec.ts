import { connect } from 'node:net';
import { SANDBOX_TWILIO } from './credentials.js';
import { aDataDir, TestEmulator, until } from './emulator.fixture.js';

const ADA = '+14155550101';

describe('what can be made to go wrong with the emulated Twilio', () => {
  const dataDir = aDataDir();
  let emulator: TestEmulator;
  beforeAll(async () => (emulator = await TestEmulator.start(dataDir.path)));
  afterAll(async () => {
    await emulator.stop();
    dataDir.remove();
  });
  beforeEach(() => emulator.control.reset());

  const sent = async () => (await emulator.control.state()).sms.map((sms) => sms.body);

  it('refuses with a status, a code and a time to wait, and does no work', async () => {
    await emulator.control.faults([{ status: 429, retryAfter: 7, times: 1 }]);
    const refusal = await emulator.twilio.messages
      .createWithHttpInfo({ to: ADA, from: SANDBOX_TWILIO.phoneNumber, body: 'x' })
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ status: 429, code: 20429 });
    expect(await sent()).toEqual([]);

    await emulator.control.faults([{ status: 429, retryAfter: 7 }]);
    const url = `${emulator.base}/2010-04-01/Accounts/${SANDBOX_TWILIO.accountSid}/Messages.json`;
    expect((await fetch(url)).headers.get('retry-after')).toBe('7');
    await emulator.control.faults([{ status: 503 }]);
    await expect(emulator.text(ADA, 'x')).rejects.toMatchObject({ status: 503, code: 20500 });
    await emulator.control.faults([{ status: 400, code: 30034 }]);
    await expect(emulator.text(ADA, 'x')).rejects.toMatchObject({ status: 400, code: 30034 });
  });

  it('breaks off before the work: nothing was sent', async () => {
    await emulator.control.faults([{ reset: 'before' }]);
    await expect(emulator.text(ADA, 'x')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await sent()).toEqual([]);
  });

  it('breaks off after the work: the text was sent, and the list knows it', async () => {
    await emulator.control.faults([{ match: { method: 'POST' }, reset: 'after' }]);
    await expect(emulator.text(ADA, 'lost answer')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await sent()).toEqual(['lost answer']);
    const [found] = await emulator.twilio.messages.list({ to: ADA });
    expect(found?.body).toBe('lost answer');
    const { entries } = await emulator.control.log();
    expect(entries.map((entry) => entry.kind)).toContain('twilio.message');
  });

  it('takes the list down together with the lost answer', async () => {
    await emulator.control.faults([
      { match: { method: 'POST' }, reset: 'after' },
      { match: { method: 'GET', path: 'Messages.json' }, status: 500 },
    ]);
    await expect(emulator.text(ADA, 'x')).rejects.toThrow(/socket hang up|ECONNRESET/);
    await expect(emulator.twilio.messages.list({ to: ADA })).rejects.toMatchObject({ status: 500 });
    expect((await emulator.control.listFaults()).rules.map((rule) => rule.hits)).toEqual([1, 1]);
  });

  it('holds an answer back until it is released, with the text already sent', async () => {
    await emulator.control.faults([{ hold: true, times: 1 }]);
    const answer = emulator.text(ADA, 'held');
    await until(
      () => emulator.control.listFaults(),
      ({ held }) => held === 1,
    );
    expect(await sent()).toEqual(['held']);
    expect(await emulator.control.release()).toEqual({ released: 1 });
    expect((await answer).body).toBe('held');
  });

  it('gives up holding when the caller hangs up', async () => {
    await emulator.control.faults([{ hold: true }]);
    const socket = connect(Number(new URL(emulator.base).port), '127.0.0.1');
    const path = `/2010-04-01/Accounts/${SANDBOX_TWILIO.accountSid}.json`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(
      () => emulator.control.listFaults(),
      ({ held }) => held === 1,
    );
    socket.destroy();
    const after = await until(
      () => emulator.control.listFaults(),
      ({ held }) => held === 0,
    );
    expect(after.rules).toMatchObject([{ hold: true, hits: 1 }]);
  });

  it('is slow to answer, or answers nonsense, though the text was sent', async () => {
    await emulator.control.faults([{ latencyMs: 50, times: 1 }, { garbage: true }]);
    const before = performance.now();
    await emulator.text(ADA, 'slow');
    expect(performance.now() - before).toBeGreaterThan(45);
    await expect(emulator.text(ADA, 'nonsense')).rejects.toThrow('is not valid JSON');
    expect(await sent()).toEqual(['slow', 'nonsense']);
  });

  it('acts on fetches of a text by the recipient’s number', async () => {
    const { sid } = await emulator.text(ADA, 'x');
    await emulator.control.faults([{ match: { to: ADA, method: 'GET' }, status: 500 }]);
    await expect(emulator.twilio.messages(sid).fetch()).rejects.toMatchObject({ status: 500 });
  });

  it('notes every hit in the log, so that attempts can be counted and timed', async () => {
    const { next } = await emulator.control.log();
    await emulator.control.faults([{ status: 500, times: 2 }]);
    for (const _ of [1, 2]) await emulator.text(ADA, 'x').catch(() => undefined);
    const { entries } = await emulator.control.log(next);
    expect(entries.map(({ kind, data }) => [kind, data])).toEqual(
      [1, 2].map(() => ['fault', expect.objectContaining({ to: ADA, method: 'POST', provider: 'twilio' })]),
    );
  });
});
