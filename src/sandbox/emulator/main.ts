import { runSandbox } from './run.js';

const HOUR_MS = 3_600_000;

/** Hours without a single call after which the sandbox ends itself; state is kept and the next start goes on with it. */
const idleHours = Number(process.env['LAWREI_SANDBOX_IDLE_HOURS'] ?? 24);

// The sandbox's process: `node src/sandbox/emulator/main.js <dataDir>`. It outlives whoever started it, one a directory.
const directory = process.argv[2];
if (directory === undefined) {
  console.error('usage: main.js <data directory>');
  process.exitCode = 2;
} else {
  const stop = await runSandbox(directory, {
    idleLimitMs: idleHours * HOUR_MS,
    onEnd: () => process.exit(0),
  });
  if (stop) {
    process.on('SIGTERM', () => void stop());
    process.on('SIGINT', () => void stop());
  }
}
