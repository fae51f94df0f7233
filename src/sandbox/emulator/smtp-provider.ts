import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { FaultDesk } from './fault-desk.js';
import type { Journal, JournalEntry } from './journal.js';
import { Mailbox, parseMail } from './mailbox.js';
import type { Provider, StateFilter } from './provider.js';
import type { SandboxSettings } from './settings.js';
import { SmtpBounces } from './smtp-bounces.js';

const MAX_MAIL_BYTES = 25_000_000;

/** A mail server without passwords or TLS that accepts everything. Faults act when the whole message has been sent. */
export class SmtpProvider implements Provider {
  readonly name = 'smtp';
  readonly controls = {};
  private readonly mailbox: Mailbox;
  private readonly bounces: SmtpBounces;
  private readonly server: SMTPServer;
  /** By the caller's port, the only thing a session tells of its connection. */
  private readonly sockets = new Map<number, Socket>();

  constructor(
    journal: Journal,
    settings: SandboxSettings,
    private readonly faults: FaultDesk,
    private readonly onUse: () => void,
  ) {
    this.mailbox = new Mailbox(journal);
    this.bounces = new SmtpBounces(journal, settings);
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: MAX_MAIL_BYTES,
      closeTimeout: 100,
      onData: (stream, session, done) => {
        this.receive(stream, session).then(
          () => done(),
          (error: Error) => done(error),
        );
      },
    });
    // A client that hangs up, or is hung up on, is an everyday thing here.
    this.server.on('error', () => undefined);
    this.server.server.on('connection', (socket) => this.remember(socket));
  }

  /** Resolves to the port; rejects when it is taken. */
  listen(port: number): Promise<number> {
    const listener = this.server.server;
    return new Promise((resolve, reject) => {
      listener.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        listener.off('error', reject);
        // A TCP listener's address is always an AddressInfo.
        resolve((listener.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    for (const socket of this.sockets.values()) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  replay(entry: JournalEntry): void {
    this.mailbox.replay(entry);
    this.bounces.replay(entry);
  }

  resume(): void {
    for (const mail of this.mailbox.snapshot({ since: 0 }).emails) this.bounces.start(mail);
  }

  snapshot(filter: StateFilter) {
    return this.mailbox.snapshot(filter);
  }

  reset(): void {
    this.bounces.stop();
    this.mailbox.clear();
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    this.onUse();
    const raw = await readAll(stream);
    const socket = this.sockets.get(session.remotePort);
    const { mailFrom, rcptTo } = session.envelope;
    const recipients = rcptTo.map((recipient) => recipient.address);
    const fault = this.faults.take({ provider: 'smtp', method: 'DATA', path: '', to: recipients.join(', ') });
    if (fault?.reset === 'before') {
      socket?.destroy();
      return;
    }
    if (fault?.status === undefined || fault.afterWork) {
      const mail = await parseMail(raw, mailFrom ? mailFrom.address : '', recipients);
      this.bounces.start(this.mailbox.record(mail));
    }
    if (fault?.latencyMs) await pause(fault.latencyMs);
    if (fault?.hold && socket) await this.faults.held.wait(socket);
    if (fault?.reset === 'after') socket?.destroy();
    if (fault?.status !== undefined) throw new SmtpRefusal(fault.status);
  }

  private remember(socket: Socket): void {
    const port = socket.remotePort;
    if (port === undefined) return;
    this.sockets.set(port, socket);
    socket.once('close', () => {
      if (this.sockets.get(port) === socket) this.sockets.delete(port);
    });
  }
}

class SmtpRefusal extends Error {
  constructor(readonly responseCode: number) {
    super(responseCode < 500 ? 'Simulated failure, try again later' : 'Simulated failure, do not try again');
  }
}

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // Without an encoding set, a stream yields Buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
