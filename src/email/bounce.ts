/** A message of ours that a mail system could not deliver. */
export interface Bounce {
  readonly messageId: string;
  /** As our gateway to the mail server knows it: the Message-ID with its brackets. */
  readonly providerId: string;
  /** What the recipient's mail server answered, where that is told. */
  readonly code: number | null;
}

const REPORT = ['message/delivery-status'];
const RETURNED = ['text/rfc822-headers', 'message/rfc822'];

/**
 * Reads a delivery status notification (RFC 3464). Null for every other mail, for a delay or a delivery, and for a message that
 * is not ours by its Message-ID.
 */
export async function bounceOf(mail: Buffer): Promise<Bounce | null> {
  const { simpleParser } = await import('mailparser');
  const { attachments } = await simpleParser(mail, {
    keepDeliveryStatus: true,
    skipTextToHtml: true,
    skipHtmlToText: true,
  });
  const part = (types: readonly string[]) =>
    attachments.find(({ contentType }) => types.includes(contentType))?.content.toString('utf8') ?? '';
  const report = part(REPORT);
  const [, providerId, messageId] = /^message-id:\s*(<([0-9a-f-]{36})@[^>\s]+>)/im.exec(part(RETURNED)) ?? [];
  if (!/^action:\s*failed\b/im.test(report) || !providerId || !messageId) return null;
  const code = /^diagnostic-code:\s*smtp\s*;\s*([45]\d\d)/im.exec(report)?.[1];
  return { messageId, providerId, code: code === undefined ? null : Number(code) };
}
