import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/database/free-port.js';

const CADDYFILE = fileURLToPath(new URL('../../docker/Caddyfile', import.meta.url));
const START_MS = 10_000;

/** The proxy of docker/compose.yaml in front of nodes on this machine; Caddy has to be installed. */
export async function startProxy(
  home: string,
  nodes: readonly number[],
): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn('caddy', ['run', '--config', CADDYFILE, '--adapter', 'caddyfile'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      SITE: `http://127.0.0.1:${port}`,
      NODES: nodes.map((node) => `127.0.0.1:${node}`).join(' '),
    },
  });
  let output = '';
  child.stderr.on('data', (data) => (output = (output + String(data)).slice(-4_000)));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', () => reject(new Error('Caddy is not installed: apt-get install caddy')));
    child.on('exit', (code) => reject(new Error(`Caddy ended with ${code}:\n${output}`)));
  });
  failed.catch(() => undefined);
  await Promise.race([failed, untilListening(port)]);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function untilListening(port: number): Promise<void> {
  const deadline = performance.now() + START_MS;
  while (!(await isListening(port))) {
    if (performance.now() > deadline) throw new Error('Caddy does not listen');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
