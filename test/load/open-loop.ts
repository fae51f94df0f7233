import { Agent, request } from 'node:http';
import type { LoadRequest } from './measure.js';

const PATIENCE_MS = 15_000;

/** What became of one request; `status` is null when no answer came. Times in ms of real time. */
export interface Answered {
  readonly path: string;
  readonly status: number | null;
  readonly askedAt: number;
  readonly ms: number;
  readonly body: string;
}

/** Asks at a steady pace, however long the answers take, as people do who do not know of each other. */
export class OpenLoop {
  readonly answered: Answered[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 200 });
  private readonly open = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;
  private due: number;

  constructor(
    private readonly url: string,
    perSecond: number,
    private readonly next: () => LoadRequest,
  ) {
    const every = 1_000 / perSecond;
    this.due = performance.now();
    this.timer = setInterval(() => {
      // A timer that comes late makes up for it.
      for (; this.due <= performance.now(); this.due += every) this.ask();
    }, every);
  }

  /** Asks no more, and waits for the last answer. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
    this.agent.destroy();
  }

  private ask(): void {
    const asked = this.next();
    const askedAt = Date.now();
    const begun = performance.now();
    const work = this.send(asked).then(({ status, body }) => {
      this.open.delete(work);
      this.answered.push({ path: asked.path, status, body, askedAt, ms: performance.now() - begun });
    });
    this.open.add(work);
  }

  private send({
    path,
    method,
    headers = {},
    body,
  }: LoadRequest): Promise<Pick<Answered, 'status' | 'body'>> {
    return new Promise((resolve) => {
      const sent = request(`${this.url}${path}`, {
        method,
        agent: this.agent,
        headers,
        timeout: PATIENCE_MS,
      });
      sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
      sent.on('error', (error) => resolve({ status: null, body: error.message }));
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (data: string) => (text += data));
        response.on('end', () => resolve({ status: response.statusCode ?? null, body: text }));
        response.on('error', (error) => resolve({ status: null, body: error.message }));
      });
      sent.end(body);
    });
  }
}
