import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { PUBLIC, WORKER } from '../../src/common/actor.js';
import { Unavailable } from '../../src/common/domain-error.js';
import { freePort } from '../../src/database/free-port.js';
import { run, statement } from '../../src/database/statement.js';
import { bareDatabase, type BareDatabase } from '../support/test-module.js';

const ONE = statement('test-one', 'select 1 as one');

/** A way to a server that can be closed, as if the server went away. */
class Gate {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();

  constructor(
    readonly port: number,
    private readonly to: number,
  ) {}

  async open(): Promise<void> {
    const server = createServer((from) => {
      const on = connect(this.to, '127.0.0.1');
      for (const socket of [from, on]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined);
      }
      from.pipe(on).pipe(from);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}

describe('a database that goes away', () => {
  let bare: BareDatabase;
  let gate: Gate;
  beforeAll(async () => {
    const port = await freePort();
    bare = await bareDatabase((appUrl) => {
      const url = new URL(appUrl);
      gate = new Gate(port, Number(url.port));
      url.port = String(port);
      return url.href;
    });
    await gate.open();
  });
  afterAll(async () => {
    await bare.close();
    await gate.close();
  });

  const asks = () => [
    bare.database.transact(PUBLIC, async (em) => (await run(em, ONE)).length),
    bare.database.execute(WORKER, ONE, []).then((rows) => rows.length),
    bare.database.readPublic(ONE, []).then((rows) => rows.length),
  ];

  it('is waited for by whoever has not begun', async () => {
    expect(await Promise.all(asks())).toEqual([1, 1, 1]);
    await gate.close();
    // Whoever was connected hears of it.
    await pause(100);
    const [began, waiting] = [performance.now(), asks()];
    await pause(1_000);
    await gate.open();
    expect(await Promise.all(waiting)).toEqual([1, 1, 1]);
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it('fails what it had begun, once', async () => {
    let times = 0;
    const command = bare.database.transact(PUBLIC, async (em) => {
      times += 1;
      await gate.close();
      await run(em, ONE);
    });
    await expect(command).rejects.toBeInstanceOf(Unavailable);
    expect(times).toBe(1);
    await gate.open();
  });

  it('is waited for no longer than five seconds', async () => {
    await gate.close();
    const began = performance.now();
    const ends = await Promise.allSettled(asks());
    const took = performance.now() - began;
    await gate.open();
    expect(ends.map((end) => end.status === 'rejected' && end.reason instanceof Unavailable)).toEqual([
      ...[true, true, true],
    ]);
    expect([took > 4_900, took < 8_000]).toEqual([true, true]);
  });
});
