import type { HttpAnswer, HttpCall } from './http-call.js';
import { attempt } from './stripe-attempts.js';
import type { StoredSession } from './stripe-objects.js';
import { PAGE_ACTIONS, payPage, payPagePolicy } from './stripe-page.js';
import { intentOfSession } from './stripe-session-life.js';
import type { StripeWorld } from './stripe-world.js';

const ROUTE = /^\/c\/pay\/(cs_test_[0-9a-f]+)$/;

/** The pages of the checkout belong to this path. */
export const CHECKOUT_PATH = '/c/pay/';

/** Serves the page a customer pays on, and does what they click there. */
export function checkoutPage(world: StripeWorld, call: HttpCall): HttpAnswer {
  const session = world.store.find('checkout.session', ROUTE.exec(call.path)?.[1] ?? '');
  if (!session) return plain(404, 'There is no such checkout.');
  if (call.method === 'GET') return shown(world, session);
  if (call.method !== 'POST') return plain(405, 'A page to look at, and a form to send.');
  if (!isOwnPage(call)) return plain(403, 'Only the page itself may send its form.');
  const wanted = new URLSearchParams(call.body).get('action');
  const action = PAGE_ACTIONS.find((known) => known === wanted);
  if (!action) return plain(400, 'There is no such button.');
  if (action === 'leave') return redirect(session.cancel_url ?? call.path);
  // Clicked twice, or too late: the page says how it stands.
  if (session.status !== 'open') return redirect(call.path);
  const method = action === 'pay' ? 'pm_card_visa' : 'pm_card_visa_chargeDeclined';
  const intent = world.act((change) => attempt(change, intentOfSession(change, session), method).intent);
  if (intent.status !== 'succeeded') return redirect(call.path);
  return redirect((session.success_url ?? call.path).replaceAll('{CHECKOUT_SESSION_ID}', session.id));
}

function shown({ store }: StripeWorld, session: StoredSession): HttpAnswer {
  const { lines } = store.planOf(session.id);
  const intent = store.find('payment_intent', session.payment_intent ?? '') ?? null;
  return {
    status: 200,
    text: payPage({ session, lines, intent }),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': payPagePolicy(session),
      'cache-control': 'no-store',
      // Not `no-referrer`: browsers would then hide where the form comes from.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  };
}

/** Browsers always say where a form comes from; a strange page must not pay for a visitor. */
function isOwnPage({ headers }: HttpCall): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host ?? ''}`;
}

function redirect(location: string): HttpAnswer {
  return { status: 303, headers: { location } };
}

function plain(status: number, text: string): HttpAnswer {
  return { status, text };
}
