import { runSandbox } from './run.js';

/** Without a single call for this long the sandbox ends itself; state is kept and the next start goes on with it. */
const IDLE_LIMIT_MS = 24 * 3_600_000;

// The sandbox's process: `node src/sandbox/emulator/main.js <dataDir>`. It outlives whoever started it, one a directory.
const directory = process.argv[2];
if (directory === undefined) {
  console.error('usage: main.js <data directory>');
  process.exitCode = 2;
} else {
  const stop = await runSandbox(directory, {
    idleLimitMs: IDLE_LIMIT_MS,
    onEnd: () => process.exit(0),
  });
  if (stop) {
    process.on('SIGTERM', () => void stop());
    process.on('SIGINT', () => void stop());
  }
}
