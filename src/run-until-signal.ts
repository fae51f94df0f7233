/** What a process keeps running until it is asked to end. */
interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Starts, then ends cleanly on SIGTERM or Ctrl-C with exit code 0; a second signal ends at once. A start that fails
 * says why in one line and exits with 1.
 */
export async function runUntilSignal(
  start: (say: (line: string) => void) => Promise<Stoppable>,
): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  let running: Stoppable | undefined;
  let ending = false;
  const end = () => {
    if (ending) process.exit(1);
    ending = true;
    void Promise.resolve(running?.stop())
      .then(() => process.exit(0))
      .catch(() => process.exit(1));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  try {
    running = await start(say);
  } catch (error) {
    process.stderr.write(
      `Lawrei could not start: ${error instanceof Error ? error.message : 'unknown error'}\n`,
    );
    process.exit(1);
  }
}
