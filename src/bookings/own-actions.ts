import { DomainError } from '../common/domain-error.js';
import type { ProblemCode } from '../common/problem.catalogue.js';
import type { SalonContact } from './bookings.errors.js';
import type { Booking } from './entities/booking.entity.js';
import { payableMinor } from './payable.view.js';
import { cancellableUntil, movableUntil } from './policy.js';
import { refundQuote } from './refund-quote.js';
import type { RefundQuote } from './refund-quote.types.js';

/** Whether a customer may do something now, until when, and if not, under which code it is refused. */
export interface OwnAction {
  readonly allowed: boolean;
  /** Null where no time ends it, or where it was never possible. */
  readonly until: Date | null;
  readonly reason: ProblemCode | null;
}

/** What a customer may do with one booking, judged by the same rules that the commands obey. */
export interface OwnActions {
  readonly cancel: OwnAction & { readonly refund: RefundQuote };
  readonly reschedule: OwnAction & { readonly movesLeft: number };
  /** `amountMinor` is what would be asked for next. */
  readonly pay: OwnAction & { readonly amountMinor: number };
}

/** Told beside every upcoming booking, so that no client has to know the policy. */
export function actionsOf(booking: Booking, now: Date, contact: SalonContact): OwnActions {
  const { policySnapshot: policy, customerMoves } = booking;
  const isHeld = booking.statusAt(now) === 'held';
  const holdEnd = booking.holdExpiresAt ?? null;
  return {
    cancel: {
      ...judged(() => booking.allowCustomerCancel(now, contact)),
      until: isHeld ? holdEnd : cancellableUntil(booking.referenceStart, policy),
      refund: refundQuote(booking, 'customer', now),
    },
    reschedule: {
      ...judged(() => booking.allowCustomerMove(now, contact)),
      until: isHeld ? null : movableUntil(booking.startsAt, policy),
      movesLeft: Math.max(0, policy.maxReschedules - customerMoves),
    },
    pay: payment(booking, now, isHeld ? holdEnd : null),
  };
}

function payment(booking: Booking, now: Date, until: Date | null): OwnActions['pay'] {
  let amountMinor = 0;
  const { allowed, reason } = judged(() => (amountMinor = payableMinor(booking, now)));
  if (!allowed) return { allowed, until: null, reason, amountMinor };
  if (amountMinor === 0) return { allowed: false, until: null, reason: 'nothing-to-pay', amountMinor };
  return { allowed, until, reason, amountMinor };
}

function judged(rule: () => unknown): Pick<OwnAction, 'allowed' | 'reason'> {
  try {
    rule();
    return { allowed: true, reason: null };
  } catch (error) {
    if (error instanceof DomainError) return { allowed: false, reason: error.code };
    throw error;
  }
}
