import { createHash } from 'node:crypto';
import type { SessionLine, StoredIntent, StoredSession } from './stripe-objects.js';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;background:#f2f2f5;color:#111;margin:3rem auto;max-width:26rem}
main{background:#fff;border:1px solid #ccc;border-radius:.6rem;padding:1.5rem}
p{margin:.4rem 0;overflow-wrap:anywhere}
p.wrong{color:#a3142a}
form{margin-top:1rem;display:grid;gap:.6rem}
button{font:inherit;padding:.6rem;border:1px solid #888;border-radius:.4rem;background:#fff}
button.pay{background:#0a5d8a;border-color:#0a5d8a;color:#fff}
small{color:#555}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** What a customer can do on the page. */
export const PAGE_ACTIONS = ['pay', 'decline', 'leave'] as const;

/** What the page shows. */
export interface PayPage {
  session: StoredSession;
  lines: readonly SessionLine[];
  /** null until the customer tried to pay. */
  intent: StoredIntent | null;
}

/**
 * The page may show its own style and send its own form, nothing else. Browsers hold the answer to a form against the same
 * rule, so the places it leads on to are named as well.
 */
export function payPagePolicy(session: StoredSession): string {
  const places = [session.success_url, session.cancel_url].flatMap((url) =>
    url ? [new URL(url).origin] : [],
  );
  const formTargets = ["'self'", ...new Set(places)].join(' ');
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formTargets}; base-uri 'none'; frame-ancestors 'none'`;
}

/** Stands in for Stripe's hosted page; there is no card number to type, the buttons say what the bank will do. */
export function payPage({ session, lines, intent }: PayPage): string {
  const total = money(session.amount_total, session.currency);
  const items = lines.map(
    (line) =>
      `<p>${escaped(line.description)}${line.quantity > 1 ? ` × ${line.quantity}` : ''}: ${money(line.amount_total, line.currency)}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Pay ${total}</title>
<style>${STYLE}</style>
<main>
<h1>Pay ${total}</h1>
${items.join('\n')}
${session.customer_email === null ? '' : `<p>${escaped(session.customer_email)}</p>`}
${session.status === 'open' ? openPart(session, total, intent) : `<p><strong>${ENDED[session.status]}</strong></p>`}
<small>The sandbox plays Stripe here. No money moves.</small>
</main>
</html>
`;
}

const ENDED = {
  complete: 'This is paid for, or under way.',
  expired: 'The time to pay has run out. Go back to the salon and begin again.',
} as const;

function openPart(session: StoredSession, total: string, intent: StoredIntent | null): string {
  const problem = intent?.last_payment_error?.message;
  const leave =
    session.cancel_url === null ? '' : '<button name="action" value="leave">Leave without paying</button>';
  return `${problem === undefined ? '' : `<p class="wrong" role="alert">${escaped(problem)}</p>`}
<form method="post">
<button class="pay" name="action" value="pay">Pay ${total}</button>
<button name="action" value="decline">Card declined</button>
${leave}
</form>`;
}

function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() });
  return escaped(format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)));
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
