import { Agent, request } from 'node:http';

/** An answer as it came over the wire, and how long it took from sending to its last byte. */
export interface Reply {
  status: number;
  // Read as a client in any language would: without our types.
  // eslint-disable-next-line typescript/no-explicit-any
  body: any;
  ms: number;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: unknown;
  token?: string;
}

/**
 * Many clients at once on real sockets: as many connections as calls are under way, spread over the nodes in turn and kept
 * open for the next call.
 */
export class Crowd {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: Infinity });
  private turn = 0;

  constructor(private readonly urls: readonly string[]) {}

  /** Opens so many connections that the calls that follow start at the same moment. */
  async gather(size: number): Promise<void> {
    await Promise.all(Array.from({ length: size }, () => this.call({ path: '/health/live' })));
  }

  call({ method = 'GET', path, body, token }: Call): Promise<Reply> {
    const url = this.urls[this.turn++ % this.urls.length] ?? '';
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request(`${url}${path}`, { method, headers, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const received = Buffer.concat(chunks).toString();
          const isJson = String(response.headers['content-type']).includes('json');
          resolve({
            status: response.statusCode ?? 0,
            body: isJson ? JSON.parse(received) : received,
            ms: performance.now() - began,
          });
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }

  /** The body of a call that has to succeed; fails with the whole answer otherwise. */
  async expect(status: number, call: Call): Promise<Reply['body']> {
    const reply = await this.call(call);
    if (reply.status !== status) {
      throw new Error(`${call.method ?? 'GET'} ${call.path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    }
    return reply.body;
  }

  disperse(): void {
    this.agent.destroy();
  }
}
