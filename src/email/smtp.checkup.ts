import { Injectable } from '@nestjs/common';
import {
  ExaminedByDoctor,
  failure,
  notLive,
  ok,
  warning,
  type Checkup,
  type Finding,
} from '../common/checkup.js';
import { Config } from '../config/config.js';

const LONGEST_MS = 5_000;

/** Whether the mail server answers and takes our name and password; nothing is sent. */
@Injectable()
@ExaminedByDoctor()
export class SmtpCheckup implements Checkup {
  readonly part = 'e-mail';

  constructor(private readonly config: Config) {}

  async examine(): Promise<Finding[]> {
    const { mode, url, from, bounceToken } = this.config.smtp;
    const absent = notLive(mode, 'e-mails wait until it is.');
    if (absent || url === null) return absent ? [absent] : [];
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      ...{ url, connectionTimeout: LONGEST_MS, greetingTimeout: LONGEST_MS, socketTimeout: LONGEST_MS },
    });
    try {
      await transport.verify();
      const takesBounces =
        bounceToken === null
          ? warning(
              'Nobody says when an e-mail comes back.',
              'Set EMAIL_BOUNCE_TOKEN and have the mail server post such mails; see docs/guides/setup.md.',
            )
          : ok('E-mails that come back are taken in at /webhooks/email/bounces.');
      return [ok(`The mail server takes us in; e-mails come from ${from}.`), takesBounces];
    } catch (error) {
      const words = error instanceof Error ? error.message : 'unknown';
      const isPassword =
        typeof error === 'object' && error !== null && 'code' in error && error.code === 'EAUTH';
      return [
        isPassword
          ? failure(
              'The mail server refuses our name or password.',
              'Check SMTP_URL; write special characters as %XX.',
            )
          : failure(
              `The mail server does not answer: ${words}`,
              'Check host and port in SMTP_URL, and firewalls.',
            ),
      ];
    } finally {
      transport.close();
    }
  }
}
