import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestApp } from './test-app.js';

const FOLDER = fileURLToPath(new URL('../../dist-test', import.meta.url));

/** What tests start as processes: what is shipped, and the application that dies on demand. A copy of the tree has its own. */
export const TEST_BUILD = { out: FOLDER, crashChild: 'test/support/crash-child.ts' };

/** A file of the build that every run of tests makes when the sources are newer. */
export function built(name: 'main' | 'cli' | 'emulator/main' | 'crash-child'): string {
  return join(FOLDER, `${name}.js`);
}

/** `npm run lawrei` for the application's database; `input` is what its standard input says. */
export async function lawrei(
  app: TestApp,
  args: string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--enable-source-maps', built('cli'), ...args], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      DATABASE_APP_URL: app.database.appUrl,
      LAWREI_DATA_DIR: app.config.dataDir,
    },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (err += String(data)));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
