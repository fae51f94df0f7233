import type { HttpAnswer, HttpCall } from './http-call.js';
import type { ControlHandler } from './provider.js';
import type { SandboxSettings } from './settings.js';
import { attempt, authenticate, settle, unexpectedState } from './stripe-attempts.js';
import { closeDispute, openDispute } from './stripe-disputes.js';
import { StripeRefusal } from './stripe-errors.js';
import { moveRefund, needRefund } from './stripe-refunds.js';
import { needSession } from './stripe-session-api.js';
import { expireSession, intentOfSession, sessionOf } from './stripe-session-life.js';
import type { StoredIntent } from './stripe-objects.js';
import { readFields, type Fields } from './control-fields.js';
import { findTarget } from './stripe-target.js';
import type { StripeChange } from './stripe-change.js';
import type { StripeWorld } from './stripe-world.js';
import type { WebhookResult } from './webhook-post.js';

/** Where a payment stands after the customer or the bank has done something; `error` says why the last try failed. */
export interface PaymentOutcome {
  paymentIntent: string;
  session: string | null;
  status: string;
  error: { code: string; declineCode: string | null; message: string } | null;
}

/** A refund after the bank has decided. */
export interface RefundOutcome {
  refund: string;
  status: string;
}

/** A dispute as it stands. */
export interface DisputeOutcome {
  dispute: string;
  status: string;
}

export const OUTCOMES = ['success', 'failure'] as const;
const MODES = ['live', 'test'] as const;
export const VERDICTS = ['won', 'lost'] as const;
export const REFUND_MOVES = ['succeeded', 'failed', 'canceled'] as const;

/** What the customer, the bank and time do: everything that Stripe's API cannot be asked for. */
export function stripeControls(
  world: StripeWorld,
  settings: SandboxSettings,
): Record<string, ControlHandler> {
  return {
    'POST /__stripe/endpoint': telling((fields) => setEndpoint(settings, fields)),
    'POST /__stripe/pay': telling((fields) => world.act((change) => pay(change, fields))),
    'POST /__stripe/authenticate': telling((fields) =>
      world.act((change) => {
        const hasProven = fields.oneOf('outcome', OUTCOMES) === 'success';
        return outcomeOf(
          change,
          authenticate(change, target(change, fields, ['requires_action']), hasProven),
        );
      }),
    ),
    'POST /__stripe/settle': telling((fields) =>
      world.act((change) => {
        const hasMoney = fields.oneOf('outcome', OUTCOMES) === 'success';
        return outcomeOf(change, settle(change, target(change, fields, ['processing']), hasMoney));
      }),
    ),
    'POST /__stripe/refund': telling((fields) =>
      world.act((change): RefundOutcome => {
        const refund = needRefund(change, fields.text('refund'));
        const moved = moveRefund(change, refund, fields.oneOf('status', REFUND_MOVES));
        return { refund: moved.id, status: moved.status };
      }),
    ),
    'POST /__stripe/dispute': telling((fields) => world.act((change) => dispute(change, fields))),
    'POST /__stripe/expire': telling((fields) =>
      world.act((change) => {
        const { id, status } = expireSession(change, needSession(change, fields.text('session')));
        return { session: id, status };
      }),
    ),
    'POST /__stripe/tamper': telling((fields) => world.act((change) => tamper(change, fields))),
    'POST /__stripe/redeliver': telling((fields) => redeliver(world, fields)),
  };
}

/** Refusals of Stripe's own rules are the caller's mistakes here. */
function telling(act: (fields: Fields) => unknown): (call: HttpCall) => Promise<HttpAnswer> {
  return async (call) => {
    try {
      return { status: 200, json: await act(readFields(JSON.parse(call.body))) };
    } catch (error) {
      if (!(error instanceof StripeRefusal)) throw error;
      return { status: error.status, json: { error: error.message } };
    }
  };
}

function setEndpoint(settings: SandboxSettings, fields: Fields) {
  if (fields.isNull('url')) settings.forgetStripeEndpoint();
  else settings.update({ stripeEndpoint: fields.text('url') });
  return { url: settings.stripeEndpoint };
}

function pay(change: StripeChange, fields: Fields): PaymentOutcome {
  const method = fields.optionalText('paymentMethod') ?? 'pm_card_visa';
  const intent = target(change, fields, [
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
  ]);
  return outcomeOf(change, attempt(change, intent, method).intent);
}

function dispute(change: StripeChange, fields: Fields): DisputeOutcome {
  const intent = target(change, fields, ['succeeded']);
  const reason = fields.optionalText('reason') ?? 'fraudulent';
  const verdict = fields.optionalOneOf('verdict', VERDICTS);
  const { id, status } =
    verdict === undefined ? openDispute(change, intent, reason) : closeDispute(change, intent, verdict);
  return { dispute: id, status };
}

/** What cannot happen by Stripe's rules, for tests of those who must not believe it: a payment that is not as it was asked for. */
function tamper(change: StripeChange, fields: Fields): PaymentOutcome {
  const payable = ['requires_payment_method', 'requires_confirmation'];
  const intent = target(change, fields, payable);
  if (!payable.includes(intent.status)) throw unexpectedState(intent, 'tamper with');
  const amount = fields.optionalWhole('amount') ?? intent.amount;
  const currency = fields.optionalText('currency') ?? intent.currency;
  const livemode = fields.optionalOneOf('mode', MODES) === 'live';
  return outcomeOf(change, change.put({ ...intent, amount, currency, livemode }));
}

async function redeliver(world: StripeWorld, fields: Fields): Promise<WebhookResult> {
  const record = world.store.findEvent(fields.text('event'));
  if (!record) throw new TypeError('no such event');
  const result = await world.webhooks.redeliver(record);
  if (result === null) throw new TypeError('nobody listens: POST /__stripe/endpoint first');
  return result;
}

/** By its own id, by that of its checkout, or by the booking it is for: the newest that is in one of these states. */
function target(change: StripeChange, fields: Fields, states: readonly string[]): StoredIntent {
  const found = findTarget(change, fields, states);
  return found.object === 'checkout.session' ? intentOfSession(change, found) : found;
}

function outcomeOf(change: StripeChange, intent: StoredIntent): PaymentOutcome {
  const why = intent.last_payment_error;
  return {
    paymentIntent: intent.id,
    session: sessionOf(change, intent)?.id ?? null,
    status: intent.status,
    error: why && { code: why.code, declineCode: why.decline_code ?? null, message: why.message },
  };
}
