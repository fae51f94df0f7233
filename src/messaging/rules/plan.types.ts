import type { LocalTime } from '../../common/time/local-date.js';
import type { RefundCause } from '../../payments/entities/refund.entity.js';
import type { MessageChannel, MessageFamily } from '../text/families.js';

/** Which rules a message obeys: consent, quiet hours, how long it is worth sending. */
export const MESSAGE_CLASSES = ['transactional', 'reminder', 'marketing', 'staff'] as const;
export type MessageClass = (typeof MESSAGE_CLASSES)[number];

/** Committed facts about bookings that messages are planned for. */
export type PlanEventKind =
  | 'booking.held'
  | 'booking.confirmed'
  | 'booking.rescheduled'
  | 'booking.cancelled';

/** Who caused it and when. Staff acting on a customer's behalf count as the customer, who is on the phone; guests too. */
export interface Cause {
  readonly by: 'customer' | 'salon';
  readonly at: Date;
}

/** One committed fact. */
export interface PlanEvent extends Cause {
  readonly id: string;
  readonly kind: PlanEventKind;
  /** The booking's revision when the event was committed; every later revision must have an event of its own. */
  readonly revision: number;
  /** True when a cancelled booking was only held: nobody was told of it, so nobody is told that it is gone. */
  readonly fromHold?: boolean;
}

/** One committed fact about money. */
export type MoneyFact =
  | { readonly kind: 'payment.settled'; readonly paymentId: string }
  | { readonly kind: 'payment.late'; readonly paymentId: string }
  | {
      readonly kind: 'refund.settled';
      readonly paymentId: string;
      readonly refundId: string;
      readonly state: 'succeeded' | 'failed' | 'canceled';
      readonly cause: RefundCause;
      /** When what caused it is told, where that waits for the morning. */
      readonly notBefore: Date | null;
    };

/** What the booking says now, which may be more than the event knew. */
export interface BookingFacts {
  readonly id: string;
  readonly status: 'held' | 'confirmed' | 'completed' | 'no_show' | 'cancelled' | 'expired';
  readonly revision: number;
  readonly startsAt: Date;
  readonly createdAt: Date;
  readonly holdExpiresAt: Date | null;
  /** Whether the customer has paid and the bank takes its time. */
  readonly isPaymentProcessing: boolean;
  /** Whether it was made in another system, where its customer was told of it. */
  readonly isImported: boolean;
}

/** The latest word per purpose; a missing one was never asked for. */
export interface ConsentFacts {
  readonly transactional_sms?: boolean;
  readonly reminder_sms?: boolean;
  readonly marketing_sms?: boolean;
  readonly marketing_email?: boolean;
}

/** What decides whether and when this person may be written to. */
export interface RecipientFacts {
  /** The person's own zone; null means the business's. */
  readonly timeZone: string | null;
  /** Whether the number the message goes to has said STOP. */
  readonly optedOut: boolean;
  readonly consents: ConsentFacts;
}

/** The person and their contacts: E.164, lower-case address. */
export interface CustomerFacts extends RecipientFacts {
  readonly phone: string | null;
  readonly email: string | null;
}

/** Settings of the salon that shape messages. Reminders and marketing go out within `[allowedFrom, allowedTo)` only. */
export interface BusinessFacts {
  readonly timeZone: string;
  readonly allowedFrom: LocalTime;
  readonly allowedTo: LocalTime;
  readonly remindDayBefore: boolean;
  readonly remindTwoHours: boolean;
}

/** A member of staff who is to hear of it. */
export interface StaffRecipient {
  readonly accountId: string;
  readonly email: string;
}

/** Everything the planner looks at. */
export interface PlanSnapshot {
  readonly booking: BookingFacts;
  readonly customer: CustomerFacts;
  readonly business: BusinessFacts;
  readonly staff: readonly StaffRecipient[];
  /** Whether no booking of this customer was confirmed before. */
  readonly isFirstConfirmed: boolean;
}

/** A message to insert; a row with its `dedupeKey` wins over it. */
export interface PlannedMessage {
  readonly family: MessageFamily;
  readonly class: MessageClass;
  readonly channel: MessageChannel;
  readonly to: string;
  readonly bookingId: string;
  readonly revision: number;
  readonly dueAt: Date;
  /** From this instant on it is not worth sending. */
  readonly expiresAt: Date;
  readonly dedupeKey: string;
  /** The key of the message that goes first, null for none; there may be no such row. */
  readonly afterKey: string | null;
  /** The money it speaks of. */
  readonly paymentId?: string;
  readonly refundId?: string;
}
