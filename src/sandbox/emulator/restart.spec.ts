import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { SandboxClient } from '../sandbox.client.js';
import { startSandbox, stopSandbox, type SandboxProcess } from '../sandbox.process.js';
import { findLiving, isAlive, readAddress } from './address.js';
import { SANDBOX_TWILIO } from './credentials.js';
import { aDataDir, TestEmulator, twilioAt, until } from './emulator.fixture.js';
import { runSandbox } from './run.js';

const ADA = '+14155550101';
const text = (base: string, body: string) =>
  twilioAt(base).messages.create({ to: ADA, from: SANDBOX_TWILIO.phoneNumber, body });

describe('the memory of the sandbox', () => {
  it('survives a restart: texts, opt-outs, e-mails, settings and deliveries under way', async () => {
    const dataDir = aDataDir();
    const first = await TestEmulator.start(dataDir.path);
    await first.control.config({ publicUrl: 'http://127.0.0.1:1', stepMs: 1 });
    await first.control.inbound({ from: '+14155550102', body: 'STOP' });
    await first.mailer().sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' });
    await first.control.faults([{ callbackDelayMs: 60_000, finalStatus: 'failed', times: 1 }]);
    const slow = await first.text(ADA, 'slow');
    const { sid } = await first.text(ADA, 'quick');
    const before = await until(
      () => first.control.state(),
      ({ sms }) => sms.find((message) => message.sid === sid)?.status === 'delivered',
    );
    await first.stop();
    appendFileSync(join(dataDir.path, 'sandbox.jsonl'), '{"seq":999,"kind":"twilio.mess');

    const second = await TestEmulator.start(dataDir.path);
    const after = await second.control.state();
    expect(after).toEqual(before);
    expect(after.emails).toHaveLength(1);
    await expect(second.text('+14155550102', 'x')).rejects.toMatchObject({ code: 21610 });
    expect((await second.twilio.messages(slow.sid).fetch()).status).toBe('queued');
    await second.stop();
    dataDir.remove();
  });

  it('takes a delivery up where it stood', async () => {
    const dataDir = aDataDir();
    const first = await TestEmulator.start(dataDir.path);
    await first.control.config({ stepMs: 60_000 });
    const { sid } = await first.text(ADA, 'x');
    await first.control.config({ stepMs: 1 });
    await first.stop();
    const second = await TestEmulator.start(dataDir.path);
    const delivered = await until(
      () => second.twilio.messages(sid).fetch(),
      (message) => message.status === 'delivered',
    );
    expect(delivered.body).toBe('x');
    await second.stop();
    dataDir.remove();
  });
});

describe('the sandbox as a process of its own', () => {
  const started: SandboxProcess[] = [];
  const start = async (dataDir: string) => {
    const sandbox = await startSandbox({ dataDir });
    started.push(sandbox);
    return sandbox;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((sandbox) => stopSandbox(sandbox)));
  });

  it('is started once and adopted by everybody after', async () => {
    const dataDir = aDataDir();
    const [one, two] = await Promise.all([start(dataDir.path), start(dataDir.path)]);
    const three = await start(dataDir.path);
    expect(new Set([one.pid, two.pid, three.pid]).size).toBe(1);
    expect([one.adopted, two.adopted].toSorted()).toEqual([false, true]);
    expect(three.adopted).toBe(true);

    await text(three.httpBase, 'hello');
    const mailer = createTransport(one.smtpUrl);
    await mailer.sendMail({ from: 'a@example.com', to: 'b@example.com', text: 't' });
    expect(await new SandboxClient(one.httpBase).state()).toMatchObject({
      sms: [{ body: 'hello' }],
      emails: [{ to: 'b@example.com' }],
    });
    dataDir.remove();
  });

  it('keeps ports and memory when it is killed and started again', async () => {
    const dataDir = aDataDir();
    const first = await start(dataDir.path);
    await text(first.httpBase, 'before the crash');
    process.kill(first.pid, 'SIGKILL');
    await until(
      () => findLiving(dataDir.path),
      (living) => living === null,
    );
    const second = await start(dataDir.path);
    expect(second).toMatchObject({ httpBase: first.httpBase, smtpUrl: first.smtpUrl, adopted: false });
    expect((await new SandboxClient(second.httpBase).state()).sms).toMatchObject([
      { body: 'before the crash' },
    ]);
    dataDir.remove();
  });

  it('outlives the app that started it', async () => {
    const dataDir = aDataDir();
    const root = new URL('../../../', import.meta.url);
    const app = `import { startSandbox } from '${new URL('src/sandbox/sandbox.process.ts', root).href}';
      await startSandbox({ dataDir: ${JSON.stringify(dataDir.path)} });
      process.kill(process.pid, 'SIGKILL');`;
    const loader = ['--import', new URL('scripts/swc-hooks.mjs', root).href];
    const killed = spawnSync(process.execPath, [...loader, '--input-type=module', '--eval', app]);
    expect(killed.signal).toBe('SIGKILL');
    expect((await start(dataDir.path)).adopted).toBe(true);
    dataDir.remove();
  });

  it('ends on SIGTERM, and when told to; telling it twice does no harm', async () => {
    const dataDir = aDataDir();
    const first = await start(dataDir.path);
    process.kill(first.pid, 'SIGTERM');
    await until(
      () => isAlive(first.pid),
      (alive) => !alive,
    );
    const second = await start(dataDir.path);
    await stopSandbox(second);
    await stopSandbox(second);
    expect(await findLiving(dataDir.path)).toBeNull();
    dataDir.remove();
  });

  it('ends itself when its data directory disappears', async () => {
    const dataDir = aDataDir();
    const { pid } = await start(dataDir.path);
    dataDir.remove();
    const isLeft = await until(
      () => isAlive(pid),
      (alive) => !alive,
    );
    expect(isLeft).toBe(false);
  });

  it('takes over the lock of a start that died, and says why when it cannot start', async () => {
    const dataDir = aDataDir();
    writeFileSync(join(dataDir.path, 'sandbox.lock'), '999999999');
    const sandboxes = await Promise.all([1, 2, 3].map(() => start(dataDir.path)));
    expect(new Set(sandboxes.map((sandbox) => sandbox.pid)).size).toBe(1);
    dataDir.remove();

    const blocked = aDataDir();
    mkdirSync(join(blocked.path, 'sandbox.jsonl'));
    await expect(start(blocked.path)).rejects.toThrow(/EISDIR/);
    blocked.remove();
  });
});

describe('a run of the sandbox', () => {
  const run = async (dataDir: string, idleLimitMs = 3_600_000) => {
    const end: { isReached: boolean } = { isReached: false };
    const stop = await runSandbox(dataDir, { idleLimitMs, onEnd: () => (end.isReached = true) });
    return { stop, end };
  };

  it('leaves a living one alone', async () => {
    const dataDir = aDataDir();
    const { stop, end } = await run(dataDir.path);
    expect((await run(dataDir.path)).stop).toBeNull();
    const { port } = readAddress(dataDir.path)!;
    await fetch(`http://127.0.0.1:${port}/__shutdown`, { method: 'POST' });
    await until(
      () => end.isReached,
      (isReached) => isReached,
    );
    await stop?.();
    dataDir.remove();
  });

  it('ends when nobody wants anything, or when somebody else has taken its place', async () => {
    const idle = aDataDir();
    const { end: idleEnd } = await run(idle.path, 1);
    const replaced = aDataDir();
    const { end: replacedEnd } = await run(replaced.path);
    const address = join(replaced.path, 'sandbox.json');
    writeFileSync(address, readFileSync(address, 'utf8').replace(/"pid":\d+/, '"pid":1'));
    const areEnded = await until(
      () => idleEnd.isReached && replacedEnd.isReached,
      (isReached) => isReached,
    );
    expect(areEnded).toBe(true);
    for (const dataDir of [idle, replaced]) dataDir.remove();
  });

  it('takes another port when somebody else sits on the remembered ones', async () => {
    const dataDir = aDataDir();
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const { port } = stranger.address() as { port: number };
    const remembered = { pid: 999_999_999, port, smtpPort: port };
    writeFileSync(join(dataDir.path, 'sandbox.json'), JSON.stringify(remembered));
    const { stop } = await run(dataDir.path);
    const address = readAddress(dataDir.path);
    expect([address?.port, address?.smtpPort]).not.toContain(port);
    await stop?.();
    stranger.close();
    rmSync(dataDir.path, { recursive: true });
  });

  it('trusts no address file that is damaged or names a stranger', async () => {
    const dataDir = aDataDir();
    const write = (content: string) => writeFileSync(join(dataDir.path, 'sandbox.json'), content);
    for (const content of ['', '{', 'null', '{"pid":1}']) {
      write(content);
      expect(readAddress(dataDir.path)).toBeNull();
    }
    write(JSON.stringify({ pid: process.pid, port: 1, smtpPort: 1 }));
    expect(await findLiving(dataDir.path)).toBeNull();
    dataDir.remove();
  });
});
