import { SANDBOX_BOUNCE_TOKEN } from './credentials.js';
import type { Journal, JournalEntry } from './journal.js';
import type { EmailView } from './mailbox.js';
import type { SandboxSettings } from './settings.js';
import { postMail } from './webhook-post.js';

const KIND = 'smtp.bounce';
const NOBODY = /^bounce(\+[^@]*)?@/i;

/** Brings back what went to `bounce@…` or `bounce+anything@…`, as a mail server does that learns only later that nobody lives there. */
export class SmtpBounces {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly broughtBack = new Set<number>();

  constructor(
    private readonly journal: Journal,
    private readonly settings: SandboxSettings,
  ) {}

  replay({ kind, data }: JournalEntry): void {
    // Lines of this kind are written by `bringBack` alone.
    if (kind === KIND) this.broughtBack.add((data as { mail: number }).mail);
  }

  /** Takes up a mail that was accepted, now or before a restart. */
  start(mail: EmailView): void {
    if (!NOBODY.test(mail.to) || this.broughtBack.has(mail.seq)) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.bringBack(mail);
    }, this.settings.stepMs);
    this.timers.add(timer);
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private async bringBack(mail: EmailView): Promise<void> {
    const { publicUrl } = this.settings;
    if (publicUrl === null) return;
    this.broughtBack.add(mail.seq);
    const url = `${publicUrl}/webhooks/email/bounces`;
    this.journal.append(KIND, { mail: mail.seq });
    await postMail(url, reportOf(mail), { authorization: `Bearer ${SANDBOX_BOUNCE_TOKEN}` });
  }
}

/** As Postfix writes it (RFC 3464). */
export function reportOf({ from, to, messageId, subject }: EmailView): string {
  const lines = [
    'From: MAILER-DAEMON@mail.sandbox.example',
    `To: ${from}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
    ...['', '--report', 'Content-Type: text/plain; charset=us-ascii', ''],
    `<${to}>: host mail.sandbox.example said: 550 5.1.1 Nobody of that name lives here`,
    ...['', '--report', 'Content-Type: message/delivery-status', ''],
    ...['Reporting-MTA: dns; mail.sandbox.example', ''],
    `Final-Recipient: rfc822; ${to}`,
    ...['Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 Nobody of that name lives here'],
    ...['', '--report', 'Content-Type: text/rfc822-headers', ''],
    ...[`Message-ID: ${messageId}`, `Subject: ${subject}`],
    ...['', '--report--', ''],
  ];
  return lines.join('\r\n');
}
