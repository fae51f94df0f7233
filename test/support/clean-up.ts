/** Remembers how to let go of something: called when the work is over, last kept first. */
export type Keep = (letGo: () => Promise<void> | void) => void;

/**
 * Runs the work of a script and lets go of all it kept, whether it ended well, failed or was interrupted: a proof leaves no
 * server behind.
 */
export async function withCleanUp<T>(work: (keep: Keep) => Promise<T>): Promise<T> {
  const kept: (() => Promise<void> | void)[] = [];
  let cleaning: Promise<void> | null = null;
  const cleanUp = () => (cleaning ??= letGoOf(kept));
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(code)));
  }
  process.once('uncaughtException', (error) => {
    console.error(error);
    void cleanUp().finally(() => process.exit(1));
  });
  try {
    return await work((letGo) => void kept.push(letGo));
  } finally {
    await cleanUp();
  }
}

async function letGoOf(kept: (() => Promise<void> | void)[]): Promise<void> {
  for (let letGo = kept.pop(); letGo; letGo = kept.pop()) {
    try {
      await letGo();
    } catch (error) {
      console.error(error);
    }
  }
}
