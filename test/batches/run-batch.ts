import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BATCHES = import.meta.dirname;

/** Which files the batches of a kind share among themselves. */
const FILES: Record<string, string> = {
  unit: 'src/**/*.spec.ts',
  integration: 'test/integration/*.int-spec.ts',
  e2e: 'test/e2e/*.e2e-spec.ts',
};

/**
 * Declares the tests of every nth file of its kind, in the one module registry of the batch: loading the application takes
 * longer than most files' own tests, and Jest loads it anew for each file it is given. So no file may put a hook outside
 * `describe`, or mock a module. `url`: the batch's own, `…/e2e-2.spec.ts`.
 */
export async function runBatch(url: string): Promise<void> {
  const [kind = '', nth] = basename(fileURLToPath(url), '.spec.ts').split('-');
  const batches = globSync(`${kind}-*.spec.ts`, { cwd: BATCHES }).length;
  const files = globSync(FILES[kind] ?? '', { cwd: ROOT }).toSorted();
  for (const [at, file] of files.entries()) {
    if (at % batches === Number(nth) - 1) await import(join('../..', file).replace(/\.ts$/, '.js'));
  }
}
