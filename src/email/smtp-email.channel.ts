import { Injectable } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import type { BreakerState } from '../outbox/integration-status.service.js';
import { Config, type ProviderMode } from '../config/config.js';
import { CarriesMessages } from '../messaging/channel.decorator.js';
import {
  ChannelPort,
  type KnownMessage,
  type OutgoingMessage,
  type PreparedText,
  type Receipt,
} from '../messaging/channel.port.js';
import { ProviderBreaker } from '../messaging/provider-breaker.service.js';
import { calendarFileOf } from './calendar-file.js';
import { htmlOf } from './html-mail.js';
import { smtpFailure } from './smtp-failure.js';

const CONNECT_MS = 2_000;
const TOTAL_MS = 10_000;
const MOST_CONNECTIONS = 5;

/**
 * E-mail over SMTP, as text and as a page, with a file for calendars where it tells of an appointment. There is no list to ask what became of a message; instead its Message-ID is made from our id, and
 * mail systems show two copies with one Message-ID as one e-mail.
 */
@Injectable()
@CarriesMessages()
export class SmtpEmailChannel extends ChannelPort {
  readonly channel = 'email';
  readonly repeatIsHarmless = true;
  private readonly circuit: ProviderBreaker;
  private transport: Promise<Transporter> | null = null;

  constructor(private readonly config: Config) {
    super();
    this.circuit = new ProviderBreaker('smtp', config.providerBreakerMs);
  }

  get mode(): ProviderMode {
    return this.config.smtp.mode;
  }

  get breaker(): BreakerState {
    return this.circuit.state;
  }

  prepare(text: string): PreparedText {
    return { body: text, segments: null };
  }

  /** A mail that comes late is still one mail. */
  async ready(): Promise<void> {}

  async send({ id, to, subject, body, invitation }: OutgoingMessage): Promise<Receipt> {
    const messageId = `<${id}@${new URL(this.config.publicUrl).hostname}>`;
    const { from } = this.config.smtp;
    const icalEvent = invitation && {
      method: invitation.method,
      filename: 'appointment.ics',
      content: await calendarFileOf(invitation, from),
    };
    return this.circuit.run(async () => {
      try {
        const transport = await this.load();
        await transport.sendMail({
          messageId,
          from,
          to: { name: '', address: to },
          subject: subject ?? '',
          text: body,
          html: htmlOf(subject ?? '', body),
          ...(icalEvent ? { icalEvent } : {}),
        });
        return { providerId: messageId, state: 'sent' };
      } catch (error) {
        throw smtpFailure(error);
      }
    });
  }

  async listSince(): Promise<null> {
    return null;
  }

  async fetch(): Promise<KnownMessage | null> {
    return null;
  }

  /** A mail that was handed over is the recipient's. */
  async forget(): Promise<void> {}

  explain(errorCode: number | null): { reason: string; isPassing: boolean } {
    const answer = errorCode === null ? '' : ` (${errorCode})`;
    return {
      reason: `The recipient’s mail server refused it${answer}. Check the address.`,
      isPassing: false,
    };
  }

  private load(): Promise<Transporter> {
    this.transport ??= this.connect();
    return this.transport;
  }

  private async connect(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const url = this.config.smtp.url;
    if (url === null) throw new Error('e-mail is not configured');
    const timeouts = {
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: TOTAL_MS,
      dnsTimeout: CONNECT_MS,
    };
    return createTransport({
      url,
      pool: true,
      maxConnections: MOST_CONNECTIONS,
      ...timeouts,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}
