import type { MessageChannel } from '../text/families.js';
import { DEDUPE } from './dedupe-keys.js';
import type { MoneyFact, PlannedMessage, PlanSnapshot } from './plan.types.js';
import { contactFor, message, onBothChannels, RECORD_LIVES_MS, toStaff, worthUntil } from './planning.js';

interface Planning {
  readonly fact: MoneyFact;
  readonly snapshot: PlanSnapshot;
  readonly now: Date;
}

type RefundFact = Extract<MoneyFact, { kind: 'refund.settled' }>;

/**
 * Which messages a fact about money calls for; `snapshot.staff` are those who look after money. Planning twice gives the same
 * keys. A full payment is told only where there is an appointment to look forward to; money that goes back, always.
 */
export function planMoneyMessages(fact: MoneyFact, snapshot: PlanSnapshot, now: Date): PlannedMessage[] {
  const planning: Planning = { fact, snapshot, now };
  const { status } = snapshot.booking;
  switch (fact.kind) {
    case 'payment.settled':
      return status === 'confirmed' || status === 'completed' ? settled(planning) : [];
    case 'payment.late':
      return late(planning);
    case 'refund.settled':
      return refunded(planning, fact);
  }
}

/** What the fact's messages go after, where that is known: news of a refund waits for news of what caused it. */
export function predecessorKey(fact: MoneyFact, bookingId: string): string | null {
  if (fact.kind !== 'refund.settled') return null;
  if (fact.cause === 'late') return DEDUPE.late(fact.paymentId, 'email');
  return fact.cause === 'cancellation' ? DEDUPE.cancel(bookingId, 'email') : null;
}

function settled(planning: Planning): PlannedMessage[] {
  const { booking } = planning.snapshot;
  return onBothChannels(planning, 'payment_settled', {
    paymentId: planning.fact.paymentId,
    expiresAt: worthUntil(planning, RECORD_LIVES_MS),
    key: (channel) => DEDUPE.paid(booking.id, channel),
    afterKey: (channel) => DEDUPE.confirm(booking.id, booking.revision, channel),
  });
}

function late(planning: Planning): PlannedMessage[] {
  const { paymentId } = planning.fact;
  return onBothChannels(planning, 'payment_late', {
    paymentId,
    expiresAt: worthUntil(planning, RECORD_LIVES_MS),
    key: (channel: MessageChannel) => DEDUPE.late(paymentId, channel),
  });
}

/** One that the provider took back is somebody's own doing there: people decide what the customer hears. */
function refunded(planning: Planning, fact: RefundFact): PlannedMessage[] {
  if (fact.state === 'succeeded') return toCustomer(planning, fact, 'refund_succeeded');
  const { paymentId, refundId, state } = fact;
  const alerts = toStaff(
    planning,
    'staff_payment_task',
    (accountId) => DEDUPE.staff(accountId, DEDUPE.refund(refundId, state)),
    { paymentId, refundId },
  );
  return state === 'failed' ? [...toCustomer(planning, fact, 'refund_failed'), ...alerts] : alerts;
}

function toCustomer(
  planning: Planning,
  { paymentId, refundId, state, notBefore }: RefundFact,
  family: 'refund_succeeded' | 'refund_failed',
): PlannedMessage[] {
  const to = contactFor(planning, 'email', 'transactional');
  if (to === null) return [];
  const dueAt = notBefore !== null && notBefore > planning.now ? notBefore : planning.now;
  const expiresAt = new Date(
    Math.max(worthUntil(planning, RECORD_LIVES_MS).getTime(), dueAt.getTime() + RECORD_LIVES_MS),
  );
  const dedupeKey = DEDUPE.refund(refundId, state);
  const afterKey = predecessorKey(planning.fact, planning.snapshot.booking.id);
  const about = { paymentId, refundId, dueAt, expiresAt, dedupeKey, afterKey };
  return [message(planning, family, { channel: 'email', to, ...about })];
}
