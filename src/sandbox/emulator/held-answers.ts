import type { Socket } from 'node:net';

/** Answers kept back by a fault, so that a test can act (kill the app, say) after the work was done and before it is known. */
export class HeldAnswers {
  private readonly waiting = new Set<() => void>();

  get count(): number {
    return this.waiting.size;
  }

  /** Ends when released or when the caller hangs up; without a caller only when released. */
  wait(socket?: Socket): Promise<void> {
    return new Promise((resolve) => {
      const free = () => {
        this.waiting.delete(free);
        socket?.off('close', free);
        resolve();
      };
      this.waiting.add(free);
      if (socket?.destroyed) free();
      else socket?.once('close', free);
    });
  }

  /** Returns how many were let go. */
  releaseAll(): number {
    const held = [...this.waiting];
    for (const free of held) free();
    return held.length;
  }
}
