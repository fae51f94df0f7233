import type { DomainEvent } from '../outbox/outbox.types.js';
import type { RefundState } from './entities/refund.entity.js';

/** Facts about money that others act upon. Payload: ids. */
export const PAYMENT_TOPICS = ['payment.settled', 'payment.late', 'refund.settled'] as const;

/** Orders that the payments module gives itself. */
export const PAYMENT_ORDERS = [
  'payment.settle',
  'payment.abandon',
  'payment.dispute',
  'refund.send',
  'refund.look',
] as const;

/** Ask the provider how a payment stands, and act upon it. `cause` names what asked: each asks once. */
export function settlePayment(paymentId: string, cause: string): DomainEvent {
  return { topic: 'payment.settle', payload: { paymentId }, dedupeKey: `${paymentId}:${cause}` };
}

/** Another payment took its place: nobody shall pay this one any more. `made` is what the provider calls it, once that is known. */
export function abandonPayment(paymentId: string, made = ''): DomainEvent {
  return { topic: 'payment.abandon', payload: { paymentId }, dedupeKey: `${paymentId}:${made}` };
}

/** A payer disputes what was charged, or the bank has decided about it: ask the provider which. */
export function disputePayment(paymentId: string, eventId: string): DomainEvent {
  return { topic: 'payment.dispute', payload: { paymentId }, dedupeKey: eventId };
}

/** Ask the provider how a refund stands. `cause` names what asked: each asks once. */
export function lookAtRefund(providerId: string, cause: string): DomainEvent {
  return { topic: 'refund.look', payload: { providerId }, dedupeKey: `${providerId}:${cause}` };
}

/** A promised refund waits to be asked for. */
export function sendRefund(refundId: string): DomainEvent {
  return { topic: 'refund.send', payload: { refundId }, dedupeKey: refundId };
}

/** The booking is paid in full by this payment. Told once for each booking. */
export function paymentSettled(payment: { id: string; bookingId: string }): DomainEvent {
  const { id: paymentId, bookingId } = payment;
  return { topic: 'payment.settled', payload: { paymentId, bookingId }, dedupeKey: `paid:${bookingId}` };
}

/** Money came for an appointment that is not to be had any more; all of it goes back. */
export function paymentLate(payment: { id: string; bookingId: string }): DomainEvent {
  const { id: paymentId, bookingId } = payment;
  return { topic: 'payment.late', payload: { paymentId, bookingId }, dedupeKey: `late:${paymentId}` };
}

/** A refund came to its end, good or bad. */
export function refundSettled(refund: {
  id: string;
  paymentId: string;
  bookingId: string;
  state: RefundState;
}): DomainEvent {
  const { id: refundId, paymentId, bookingId, state } = refund;
  return {
    topic: 'refund.settled',
    payload: { refundId, paymentId, bookingId, state },
    dedupeKey: `refund:${refundId}:${state}`,
  };
}
