import type { AddressObject, Attachment, ParsedMail } from 'mailparser';
import type { Journal, JournalEntry } from './journal.js';
import type { StateFilter } from './provider.js';

const KIND = 'smtp.mail';

/** Text attachments are kept readable, everything else as base64. */
export interface MailAttachment {
  filename: string | null;
  contentType: string;
  encoding: 'utf8' | 'base64';
  content: string;
}

/** An accepted e-mail. `from` and `to` are the envelope's: who really got it; several recipients are joined by commas. */
export interface AcceptedMail {
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string | null;
  messageId: string | null;
  /** As written in the head: To, Cc, Reply-To, List-Unsubscribe…, by lower-case name. */
  headers: Record<string, string>;
  attachments: MailAttachment[];
}

/** An e-mail as `/__state` shows it; `at` is real time. */
export interface EmailView extends AcceptedMail {
  seq: number;
  at: string;
}

/** Every accepted e-mail in order of arrival; one that comes twice stands there twice. */
export class Mailbox {
  private mails: EmailView[] = [];

  constructor(private readonly journal: Journal) {}

  record(mail: AcceptedMail): EmailView {
    const { seq, at } = this.journal.append(KIND, mail);
    const view = { ...mail, seq, at };
    this.mails.push(view);
    return view;
  }

  replay(entry: JournalEntry): void {
    if (entry.kind !== KIND) return;
    // Lines of this kind are written by `record` alone.
    this.mails.push({ ...(entry.data as AcceptedMail), seq: entry.seq, at: entry.at });
  }

  snapshot(filter: StateFilter): { emails: EmailView[] } {
    const isTo = (mail: EmailView) => filter.to === undefined || mail.to.split(', ').includes(filter.to);
    return { emails: this.mails.filter((mail) => mail.seq > filter.since && isTo(mail)) };
  }

  clear(): void {
    this.mails = [];
  }
}

/** The parser costs a tenth of a second to load, so it is loaded with the first e-mail. */
export async function parseMail(raw: Buffer, from: string, recipients: string[]): Promise<AcceptedMail> {
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  return {
    to: recipients.join(', '),
    from: from || addressText(mail.from),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || null,
    messageId: mail.messageId ?? null,
    headers: headersOf(mail),
    attachments: mail.attachments.map(attachmentOf),
  };
}

function headersOf(mail: ParsedMail): Record<string, string> {
  const pairs = mail.headerLines.map(({ key, line }) => {
    const value = line.slice(line.indexOf(':') + 1);
    return [key, value.replace(/\s+/g, ' ').trim()] as const;
  });
  return Object.fromEntries(pairs);
}

function addressText(address: AddressObject | undefined): string {
  return address?.text ?? '';
}

function attachmentOf(attachment: Attachment): MailAttachment {
  const encoding = attachment.contentType.startsWith('text/') ? 'utf8' : 'base64';
  return {
    filename: attachment.filename ?? null,
    contentType: attachment.contentType,
    encoding,
    content: attachment.content.toString(encoding),
  };
}
