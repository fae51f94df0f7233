import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { control, controlRoutes } from './control.js';
import { FaultDesk } from './fault-desk.js';
import type { Fault } from './faults.js';
import { BodyTooLarge, readCall, sendAnswer, type HttpAnswer, type HttpCall } from './http-call.js';
import { GoogleProvider } from './google-provider.js';
import { Journal } from './journal.js';
import type { ControlHandler, HttpProvider } from './provider.js';
import { SandboxSettings } from './settings.js';
import { SmtpProvider } from './smtp-provider.js';
import { StripeProvider } from './stripe-provider.js';
import { TwilioProvider } from './twilio-provider.js';

/** Clients keep connections open; closing an idle one at the moment it is reused would look like a lost answer. */
const KEEP_ALIVE_MS = 75_000;

/** Ports of 0 mean: any free one. */
export interface EmulatorOptions {
  dataDir: string;
  port: number;
  smtpPort: number;
}

/** All emulated services of one data directory, in one process. */
export class Emulator {
  private readonly journal: Journal;
  private readonly desk: FaultDesk;
  private readonly smtp: SmtpProvider;
  private readonly httpProviders: readonly HttpProvider[];
  private readonly routes: Record<string, ControlHandler>;
  private readonly server: Server;
  private lastUse = performance.now();
  private ports = { port: 0, smtpPort: 0 };

  /** `shutdown` is called when a client asks for the end; it is to call `close`. */
  constructor(
    private readonly options: EmulatorOptions,
    shutdown: () => void,
  ) {
    this.journal = new Journal(join(options.dataDir, 'sandbox.jsonl'));
    this.desk = new FaultDesk(this.journal);
    const settings = new SandboxSettings(this.journal);
    this.smtp = new SmtpProvider(this.journal, settings, this.desk, () => this.touch());
    this.httpProviders = [
      new TwilioProvider(this.journal, settings),
      new StripeProvider(this.journal, settings, this.desk),
      new GoogleProvider(this.journal, settings, this.desk),
    ];
    const providers = [...this.httpProviders, this.smtp];
    for (const entry of this.journal.past) {
      settings.replay(entry);
      for (const provider of providers) provider.replay(entry);
    }
    const health = () => this.health();
    const { journal, desk } = this;
    this.routes = controlRoutes({ journal, settings, desk, providers, health, shutdown });
    this.server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      this.answer(request, response).catch((error: unknown) => fail(response, error));
    });
  }

  /** Milliseconds since anybody wanted anything. */
  get idleMs(): number {
    return performance.now() - this.lastUse;
  }

  /** A remembered port that somebody else has taken meanwhile is replaced by a free one. */
  async listen(): Promise<{ port: number; smtpPort: number }> {
    const port = await orAnyPort(this.options.port, (wanted) => listenOn(this.server, wanted));
    const smtpPort = await orAnyPort(this.options.smtpPort, (wanted) => this.smtp.listen(wanted));
    this.ports = { port, smtpPort };
    for (const provider of [...this.httpProviders, this.smtp]) provider.resume();
    return this.ports;
  }

  /** Stops all deliveries first: nothing may be written once the journal is closed. */
  async close(): Promise<void> {
    for (const provider of [...this.httpProviders, this.smtp]) provider.reset();
    // Broken off before they are let go: an answer held back must not slip out at the end.
    this.server.closeAllConnections();
    this.desk.clear();
    await Promise.all([this.smtp.close(), new Promise((resolve) => this.server.close(resolve))]);
    this.journal.close();
  }

  private health(): Record<string, unknown> {
    return { status: 'ok', pid: process.pid, dataDir: this.options.dataDir, ...this.ports };
  }

  private touch(): void {
    this.lastUse = performance.now();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.touch();
    const { socket } = request;
    const call = await readCall(request);
    if (call.path.startsWith('/__')) return sendAnswer(response, await control(this.routes, call));
    const provider = this.httpProviders.find((candidate) => candidate.owns(call.path));
    if (!provider) return sendAnswer(response, { status: 404, json: { error: 'nobody lives here' } });
    await this.serve(provider, call, response, socket);
  }

  /** The one order of events: refuse or work (journalled), then delay, hold, break off, answer. */
  private async serve(
    provider: HttpProvider,
    call: HttpCall,
    response: ServerResponse,
    socket: Socket,
  ): Promise<void> {
    const { method, path } = call;
    const to = provider.recipientOf(call);
    const fault = this.desk.take({ provider: provider.name, method, path, to });
    if (fault?.reset === 'before') {
      socket.destroy();
      return;
    }
    const answer = await workedOrRefused(provider, call, fault);
    if (fault?.latencyMs) await pause(fault.latencyMs);
    if (fault?.hold) await this.desk.held.wait(socket);
    if (fault?.reset === 'after') socket.destroy();
    else if (fault?.garbage) sendAnswer(response, { status: fault.status ?? 200, text: '<html>Bad gateway' });
    else sendAnswer(response, answer);
  }
}

async function workedOrRefused(
  provider: HttpProvider,
  call: HttpCall,
  fault: Fault | undefined,
): Promise<HttpAnswer> {
  if (fault?.status === undefined) return provider.handle(call, fault);
  if (fault.afterWork) await provider.handle(call, fault);
  return withRetryAfter(provider.refusal(fault.status, fault), fault.retryAfter);
}

function withRetryAfter(answer: HttpAnswer, seconds: number | undefined): HttpAnswer {
  return seconds === undefined
    ? answer
    : { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}

function fail(response: ServerResponse, error: unknown): void {
  // The caller hung up half-way through its request.
  if (response.destroyed) return;
  const isTooLarge = error instanceof BodyTooLarge;
  if (!isTooLarge) console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  sendAnswer(response, { status: isTooLarge ? 413 : 500, json: { error: message } });
}

async function orAnyPort(wanted: number, listen: (port: number) => Promise<number>): Promise<number> {
  try {
    return await listen(wanted);
  } catch (error) {
    // Only listen errors arrive here, and they carry a code.
    if (wanted === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return listen(0);
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      // A TCP listener's address is always an AddressInfo.
      resolve((server.address() as AddressInfo).port);
    });
  });
}
