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
  let asked = false;
  const started = Promise.withResolvers<Stoppable>();
  const end = () => {
    if (asked) process.exit(1);
    asked = true;
    // Asked while it starts, it ends once it has started: half a start would leave its database behind.
    void started.promise
      .then((running) => running.stop())
      .then(() => process.exit(0))
      .catch(() => process.exit(1));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  try {
    started.resolve(await start(say));
  } catch (error) {
    process.stderr.write(
      `Lawrei could not start: ${error instanceof Error ? error.message : 'unknown error'}\n`,
    );
    process.exit(1);
  }
}
