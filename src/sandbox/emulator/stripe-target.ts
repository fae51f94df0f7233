import type { StripeChange } from './stripe-change.js';
import { missingResource } from './stripe-errors.js';
import type { Fields } from './control-fields.js';
import { needIntent } from './stripe-intent-api.js';
import type { StoredIntent, StoredSession } from './stripe-objects.js';
import { needSession } from './stripe-session-api.js';

/** The key under which the app writes a booking's id into the metadata of its payments. */
const BOOKING_KEY = 'bookingId';

/** What a person means: a payment, a checkout, or whatever of a booking is in one of the states. Throws 404. */
export function findTarget(
  change: StripeChange,
  fields: Fields,
  states: readonly string[],
): StoredIntent | StoredSession {
  const intentId = fields.optionalText('paymentIntent');
  if (intentId !== undefined) return needIntent(change, intentId);
  const sessionId = fields.optionalText('session');
  if (sessionId !== undefined) return needSession(change, sessionId);
  const bookingId = fields.optionalText('bookingId');
  if (bookingId === undefined) throw new TypeError('say paymentIntent, session or bookingId');
  return ofBooking(change, bookingId, states);
}

function ofBooking(
  change: StripeChange,
  bookingId: string,
  states: readonly string[],
): StoredIntent | StoredSession {
  const intent = change
    .all('payment_intent')
    .find(({ metadata, status }) => metadata[BOOKING_KEY] === bookingId && states.includes(status));
  if (intent) return intent;
  const session = change
    .all('checkout.session')
    .find(
      ({ id, metadata, client_reference_id, status, payment_intent }) =>
        status === 'open' &&
        payment_intent === null &&
        [change.planOf(id).paymentMetadata[BOOKING_KEY], metadata[BOOKING_KEY], client_reference_id].includes(
          bookingId,
        ),
    );
  if (session && states.includes('requires_payment_method')) return session;
  throw missingResource('payment of that booking in this state', bookingId, BOOKING_KEY);
}
