import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports a system gives to outgoing connections (from 32768 on Linux), any of which may take one meanwhile. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port on 127.0.0.1 that nobody listens on, for a process that is told its port and starts later. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error('no free port on 127.0.0.1');
}

/** Whether nobody listens on this port of 127.0.0.1 just now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
