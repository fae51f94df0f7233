/**
 * The one list of checks, for people and CI alike: `npm run check`, or some of them: `npm run check -- format lint`.
 * Two run at a time; of those that pass only the seconds are shown, of those that fail everything.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TYPESCRIPT = 'node --import ./scripts/swc-hooks.mjs';

const STEPS = {
  format: 'oxfmt --check .',
  // With the types checked as well, by the compiler that the rules about types need anyway.
  lint: 'oxlint --type-aware --type-check --deny-warnings',
  boundaries: 'depcruise --config .dependency-cruiser.mjs src',
  deadcode: 'knip',
  openapi: `${TYPESCRIPT} scripts/openapi.ts --check`,
  // A list of what is shipped can be made only of a tree that is what package.json and the lockfile say.
  sbom: 'npm run --silent sbom',
  // Versions with known holes, and secrets that were committed.
  supply:
    'npm run --silent jest -- --selectProjects architecture -- test/architecture/version-floor test/architecture/secrets',
  migration: `${TYPESCRIPT} scripts/migration.ts --check`,
};

function run(command) {
  const path = `${ROOT}node_modules/.bin${delimiter}${process.env.PATH}`;
  return new Promise((resolve) => {
    const child = spawn(command, { cwd: ROOT, shell: true, env: { ...process.env, PATH: path } });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ passed: false, output: String(error) }));
    child.on('close', (code) => resolve({ passed: code === 0, output }));
  });
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  console.error(`No such check: ${unknown.join(', ')}. There are: ${Object.keys(STEPS).join(', ')}`);
  process.exit(2);
}

const queue = asked.length > 0 ? asked : Object.keys(STEPS);
const total = queue.length;
const failed = [];

async function work() {
  for (let name = queue.shift(); name; name = queue.shift()) {
    const began = performance.now();
    const { passed, output } = await run(STEPS[name]);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.padStart(6)} s`);
    if (passed) continue;
    failed.push(name);
    console.log(`\n$ ${STEPS[name]}\n${output.trimEnd()}\n`);
  }
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
if (failed.length > 0) console.log(`Failed: ${failed.join(', ')}`);
console.log(`${total - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;
