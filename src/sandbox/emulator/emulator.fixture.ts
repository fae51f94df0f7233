import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { SandboxClient } from '../sandbox.client.js';
import { SANDBOX_TWILIO } from './credentials.js';
import { Emulator } from './server.js';

/** Waits for a condition instead of a time; fails loudly after ten seconds. */
export async function until<T>(look: () => T | Promise<T>, isMet: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const seen = await look();
    if (isMet(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`never came true: ${JSON.stringify(seen)}`);
    await pause(5);
  }
}

/** A data directory that is removed at the end. */
export function aDataDir(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'sandbox-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The official client, redirected to an emulator. */
class RedirectedClient extends twilio.RequestClient {
  constructor(private readonly base: string) {
    super({ timeout: 2_000 });
  }

  override request<TData>(options: RequestClient.RequestOptions<TData>) {
    const { pathname, search } = new URL(options.uri);
    return super.request<TData>({ ...options, uri: `${this.base}${pathname}${search}` });
  }
}

/** The official Twilio SDK as the app uses it. */
export function twilioAt(base: string, authToken: string = SANDBOX_TWILIO.authToken) {
  return twilio(SANDBOX_TWILIO.accountSid, authToken, { httpClient: new RedirectedClient(base) });
}

/** A form the app was sent, as it arrived. */
export interface ReceivedForm {
  url: string;
  params: Record<string, string>;
  signature: string;
}

/** Stands in for the app's webhooks and keeps what it was sent. */
export class WebhookReceiver {
  readonly received: ReceivedForm[] = [];
  answer = { status: 204, body: '' };
  base = '';
  private readonly server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const params = Object.fromEntries(new URLSearchParams(body));
      const signature = String(request.headers['x-twilio-signature']);
      this.received.push({ url: `${this.base}${request.url ?? ''}`, params, signature });
      response.writeHead(this.answer.status).end(this.answer.body);
    });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  isGenuine(form: ReceivedForm): boolean {
    return twilio.validateRequest(SANDBOX_TWILIO.authToken, form.signature, form.url, form.params);
  }
}

/** An emulator in this process with everything that talks to it. */
export class TestEmulator {
  private constructor(
    readonly dataDir: string,
    readonly base: string,
    private readonly smtpPort: number,
    private readonly emulator: Emulator,
  ) {}

  static async start(dataDir: string): Promise<TestEmulator> {
    const emulator = new Emulator({ dataDir, port: 0, smtpPort: 0 }, () => undefined);
    const { port, smtpPort } = await emulator.listen();
    return new TestEmulator(dataDir, `http://127.0.0.1:${port}`, smtpPort, emulator);
  }

  get control(): SandboxClient {
    return new SandboxClient(this.base);
  }

  get twilio() {
    return twilioAt(this.base);
  }

  mailer() {
    return createTransport({ host: '127.0.0.1', port: this.smtpPort, secure: false, ignoreTLS: true });
  }

  /** Sends from the sandbox's number. */
  text(to: string, body: string, statusCallback?: string) {
    const from = SANDBOX_TWILIO.phoneNumber;
    return this.twilio.messages.create({ to, from, body, ...(statusCallback ? { statusCallback } : {}) });
  }

  stop(): Promise<void> {
    return this.emulator.close();
  }
}
