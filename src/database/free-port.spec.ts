import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort, isFree } from './free-port.js';

describe('a free port', () => {
  it('is none that a system may give to an outgoing connection before somebody listens on it', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(Math.min(...ports)).toBeGreaterThan(1024);
  });

  it('is free until somebody listens, and again afterwards', async () => {
    const port = await freePort();
    expect(await isFree(port)).toBe(true);
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(await isFree(port)).toBe(false);
    server.close();
    await once(server, 'close');
    expect(await isFree(port)).toBe(true);
  });
});
