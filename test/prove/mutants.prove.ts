import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withCleanUp } from '../support/clean-up.js';
import type { Mutant } from '../support/mutant.types.js';
import { MUTANTS } from '../support/mutants.js';

/*
 * Takes each fence away, one at a time, in a copy of the tree, and runs the tests that must notice. A fence whose loss nobody
 * notices is a test that is missing.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'src',
  'test',
  'scripts',
  'docs',
  'package.json',
  'jest.config.mjs',
  '.swcrc',
  'tsconfig.json',
  'mikro-orm.config.ts',
  '.env.example',
];

/** Whether the tests pass in the copy, and what was said of those that did not. */
function pass(copy: string, tests: readonly string[]): Promise<{ isGood: boolean; said: string }> {
  const child = spawn(
    process.execPath,
    [
      ...[
        '--disable-warning=ExperimentalWarning',
        '--experimental-vm-modules',
        'node_modules/jest/bin/jest.js',
      ],
      ...[
        '--bail',
        '--silent',
        '--forceExit',
        `--cacheDirectory=${join(copy, '.jest-cache')}`,
        '--runTestsByPath',
        ...tests,
      ],
    ],
    { cwd: copy, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LOG_LEVEL: 'silent' } },
  );
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ isGood: code === 0, said }));
  });
}

/** The copy with one fence less, for the length of the work. */
async function without<T>(copy: string, { file, find, put }: Mutant, work: () => Promise<T>): Promise<T> {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`${file} does not hold this exactly once: ${find}`);
  writeFileSync(
    path,
    text.replace(find, () => put),
  );
  try {
    return await work();
  } finally {
    writeFileSync(path, text);
  }
}

await withCleanUp(async (keep) => {
  const copy = mkdtempSync(join(tmpdir(), 'lawrei-mutants-'));
  keep(async () => rmSync(copy, { recursive: true, force: true }));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

  const needed = [...new Set(MUTANTS.flatMap(({ tests }) => tests))];
  const whole = await pass(copy, needed);
  if (!whole.isGood) throw new Error(`They do not pass with every fence in its place:\n${whole.said}`);
  console.log(`${needed.length} files of tests pass with every fence in its place`);

  const survivors: string[] = [];
  for (const [index, mutant] of MUTANTS.entries()) {
    const { isGood } = await without(copy, mutant, () => pass(copy, mutant.tests));
    const isCaught = !isGood;
    if (!isCaught) survivors.push(mutant.name);
    console.log(`${index + 1}/${MUTANTS.length} ${isCaught ? 'caught' : 'SURVIVED'}: ${mutant.name}`);
  }
  console.log(
    `result: ${MUTANTS.length} fences taken away one at a time: ${MUTANTS.length - survivors.length} noticed (${Math.round((100 * (MUTANTS.length - survivors.length)) / MUTANTS.length)} %)`,
  );
  for (const name of survivors) console.error(`nobody noticed: ${name}`);
  process.exitCode = survivors.length > 0 ? 1 : 0;
});
