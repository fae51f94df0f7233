/** The slot property on ten thousand random salons: the engine against a reference that shares no code with it. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SALONS = process.env['SLOT_SALONS'] ?? '10000';
const PROPERTY = 'src/scheduling/slots/slots.property.spec.ts';
const LONGEST_MS = 30 * 60_000;

function runProperty(): Promise<number> {
  const jest = [
    '--disable-warning=ExperimentalWarning',
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
  ];
  const options = [
    '--selectProjects',
    'unit',
    `--testTimeout=${LONGEST_MS}`,
    '--reporters=default',
    '--',
    PROPERTY,
  ];
  const env = { ...process.env, SLOT_SALONS: SALONS, SLOT_SEED: process.env['PROVE_SEED'] ?? '1' };
  const child = spawn(process.execPath, [...jest, ...options], { cwd: ROOT, stdio: ['ignore', 2, 2], env });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

const code = await runProperty();
if (code === 0) {
  console.log(`result: ${SALONS} random salons offer exactly the slots of the naive reference`);
  console.log(
    `result: ${Math.ceil(Number(SALONS) / 5)} of them accept and refuse starts for exactly its reasons`,
  );
}
process.exitCode = code;
