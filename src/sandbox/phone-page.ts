import { createHash } from 'node:crypto';
import type { EventView } from './emulator/google-controls.js';
import type { EmailView } from './emulator/mailbox.js';
import type { SmsView } from './emulator/twilio-store.js';
import type { SandboxState } from './sandbox.client.js';

const STYLE = `body{font:16px/1.4 system-ui,sans-serif;margin:2rem;background:#f2f2f5;color:#111}
main{display:flex;flex-wrap:wrap;gap:2rem;align-items:flex-start}
section{width:22rem;background:#fff;border:1px solid #ccc;border-radius:2rem;padding:1.5rem}
h2{font-size:1rem;text-align:center;margin:0 0 1rem}
p{margin:.3rem 0 0;padding:.6rem .9rem;border-radius:1.1rem;background:#e6e6ea;white-space:pre-wrap;overflow-wrap:anywhere}
p.sent{background:#0a7d34;color:#fff;margin-left:3rem}
p.mail{border-radius:.4rem}
small{color:#666;display:block;margin-bottom:.6rem}`;

/** The page may show its own style and nothing else: no script, no picture, no request. */
export const PHONE_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'`;

/** A mail may have its own style, and is kept from everything else. */
export const MAIL_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups; frame-ancestors 'none'";

/** An e-mail as its reader sees it. */
export function mailPage({ html, text, subject }: EmailView): string {
  if (html !== null) return html;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(subject)}</title><pre>${escaped(text)}</pre></html>`;
}

/** What was sent as each recipient's phone would show it, and the calendars, for people who want to see the product work. Renews itself. */
export function phonePage(state: SandboxState, now: Date): string {
  const phones = [...conversations(state)].map(([number, texts]) => phone(number, texts.map(bubble)));
  const boxes = [...groupedBy(state.emails, (mail) => mail.to)].map(([address, mails]) =>
    phone(address, mails.map(mailCard)),
  );
  const calendars = [...groupedBy(state.events, ({ calendarId }) => calendarId)].map(([id, events]) =>
    phone(
      id,
      events.toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start)).map(eventCard),
    ),
  );
  const shown = [...phones, ...boxes, ...calendars].join('\n') || '<p>Nothing was sent yet.</p>';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="3">
<title>Phones of the sandbox</title>
<style>${STYLE}</style>
<h1>What the customers see</h1>
<small>App time: ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC</small>
<main>
${shown}
</main>
</html>
`;
}

/** Texts of each customer's number, both ways, in order. */
function conversations({ sms, inbound }: SandboxState): Map<string, SmsView[]> {
  const customers = new Set(inbound.map(({ seq }) => seq));
  const all = [...sms, ...inbound].toSorted((one, other) => one.seq - other.seq);
  return groupedBy(all, (text) => (customers.has(text.seq) ? text.from : text.to));
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function phone(owner: string, lines: readonly string[]): string {
  return `<section>\n<h2>${escaped(owner)}</h2>\n${lines.join('\n')}\n</section>`;
}

function bubble({ body, status, at }: SmsView): string {
  const isSent = status === 'received';
  return `<p${isSent ? ' class="sent"' : ''}>${escaped(body)}</p><small>${escaped(status)}, ${escaped(at.slice(11, 16))}</small>`;
}

function mailCard({ seq, subject, text, at, attachments }: EmailView): string {
  const files = attachments.map(({ filename, contentType }) => `📎 ${escaped(filename ?? contentType)}`);
  const notes = [
    escaped(at.slice(11, 16)),
    ...files,
    `<a href="/sandbox/phone/mails/${seq}">as its reader sees it</a>`,
  ];
  return `<p class="mail"><strong>${escaped(subject)}</strong>\n\n${escaped(text)}</p><small>${notes.join(' · ')}</small>`;
}

function eventCard({ summary, location, start, end }: EventView): string {
  return `<p class="mail"><strong>${escaped(summary ?? '')}</strong>\n${escaped(location ?? '')}</p><small>${escaped(start)} to ${escaped(end)}</small>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
