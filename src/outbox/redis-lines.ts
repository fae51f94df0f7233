import type { Redis } from 'ioredis';

/** Connections for Bull: one for commands and one for news, whatever the number of queues; waiting for jobs takes one each. */
export class RedisLines {
  private readonly shared = new Map<string, Redis>();
  private readonly all: Redis[] = [];

  constructor(private readonly connect: () => Redis) {}

  of(type: 'client' | 'subscriber' | 'bclient'): Redis {
    const known = type === 'bclient' ? undefined : this.shared.get(type);
    if (known) return known;
    const made = this.connect();
    // Each queue has a listener of its own on the connection it shares.
    made.setMaxListeners(0);
    ignoreUnawaited(made);
    this.shared.set(type, made);
    this.all.push(made);
    return made;
  }

  /** For good: Bull's own end connects once more to stop waiting for jobs; where Redis stands still, that would outlast the end. */
  disconnect(): void {
    for (const line of this.all) {
      line.connect = () => Promise.reject(new Error('closed'));
      line.disconnect();
    }
  }
}

/**
 * A connection that comes back subscribes anew, and nobody awaits that: ended before the answer, it would be a rejection that ends
 * the process. Who awaits a command learns of its failure as before.
 */
function ignoreUnawaited(line: Redis): void {
  const send = line.sendCommand.bind(line);
  line.sendCommand = (...sent) => {
    const answer = send(...sent);
    if (answer instanceof Promise) answer.catch(() => undefined);
    return answer;
  };
}
