/**
 * The long proofs: `npm run prove -- NAME [SEED]` runs test/prove/NAME.prove.ts and keeps what it found in docs/proofs.md;
 * `npm run prove` lists them.
 *
 * A proof reads its seed from PROVE_SEED, prints each figure to keep on a line that begins with `result: `, and exits
 * non-zero when it fails; a failed run is shown and not kept.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = `${ROOT}test/prove`;
const RECORD = `${ROOT}docs/proofs.md`;
const PREFACE =
  '# Proofs\n\nWritten by `npm run prove -- NAME`: the newest passing run of each, to be repeated with its seed.\n';

const names = existsSync(FOLDER)
  ? readdirSync(FOLDER)
      .filter((file) => file.endsWith('.prove.ts'))
      .map((file) => file.slice(0, -'.prove.ts'.length))
      .toSorted()
  : [];

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain', '--', ':!docs/proofs.md') ? ' with uncommitted changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

function run(name, seed) {
  const child = spawn(
    process.execPath,
    ['--import', `${ROOT}scripts/swc-hooks.mjs`, `${FOLDER}/${name}.prove.ts`],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PROVE_SEED: String(seed) } },
  );
  let output = '';
  child.stdout.on('data', (data) => {
    process.stdout.write(data);
    output += data;
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function section({ name, seed, seconds, results }) {
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`;
  return [
    `## ${name}`,
    '',
    `${new Date().toISOString().slice(0, 10)} · seed ${seed} · commit ${commit()} · ${seconds} s · ${machine}`,
    '',
    ...results.map((result) => `- ${result}`),
    '',
  ].join('\n');
}

function record(proof) {
  const [, ...old] = (existsSync(RECORD) ? readFileSync(RECORD, 'utf8') : PREFACE).split(/^(?=## )/m);
  const others = old
    .filter((text) => !text.startsWith(`## ${proof.name}\n`))
    .map((text) => text.trimEnd() + '\n');
  writeFileSync(
    RECORD,
    [PREFACE, ...[...others, section(proof)].toSorted((a, b) => a.localeCompare(b, 'en'))].join('\n'),
  );
}

const [name, seedText] = process.argv.slice(2);
const seed = seedText === undefined ? randomInt(2 ** 31) : Number(seedText);
if (!name) {
  console.log(names.length > 0 ? names.join('\n') : 'There are no proofs in test/prove.');
} else if (!names.includes(name) || !Number.isSafeInteger(seed)) {
  console.error(`Usage: npm run prove -- NAME [SEED], NAME one of: ${names.join(', ') || '(none)'}`);
  process.exitCode = 2;
} else {
  console.log(`Proving ${name} with seed ${seed} …`);
  const began = performance.now();
  const { code, output } = await run(name, seed);
  const results = [...output.matchAll(/^result: (.+)$/gm)].map(([, line]) => line.trim());
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (code === 0 && results.length > 0) record({ name, seed, seconds, results });
  else console.error(code === 0 ? 'It passed but printed no "result: " line.' : `Failed. Seed ${seed}.`);
  process.exitCode = code === 0 && results.length === 0 ? 1 : code;
}
