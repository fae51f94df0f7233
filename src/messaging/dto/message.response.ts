import { Out } from '../../common/fields/response.fields.js';
import type { MessageAttempt } from '../entities/message-attempt.entity.js';
import { type Message, STORED_FAMILIES, STORED_STATES } from '../entities/message.entity.js';
import { MESSAGE_CHANNELS } from '../text/families.js';

const isoOf = (instant: Date | null | undefined): string | null => instant?.toISOString() ?? null;

export class MessageResponse {
  @Out.id() id!: string;
  @Out.oneOf(['out', 'in']) direction!: string;
  @Out.oneOf(MESSAGE_CHANNELS) channel!: string;
  @Out.oneOf(STORED_FAMILIES, { description: 'What it is about' }) family!: string;
  @Out.oneOf(STORED_STATES) state!: string;
  @Out.text({ description: 'The other party’s contact' }) to!: string;
  @Out.id({ nullable: true }) customerId!: string | null;
  @Out.id({ nullable: true }) bookingId!: string | null;
  @Out.id({ nullable: true, description: 'The payment it speaks of' }) paymentId!: string | null;
  @Out.id({ nullable: true, description: 'The refund it speaks of' }) refundId!: string | null;
  @Out.text({ nullable: true }) subject!: string | null;
  @Out.text({
    nullable: true,
    description: 'As sent, with `[link]` where a personal link was; null until it is rendered',
  })
  body!: string | null;
  @Out.int({ nullable: true, description: 'Billed segments of a text' }) segments!: number | null;
  @Out.text({ nullable: true, description: 'In plain English: why it stands where it stands' }) reason!:
    | string
    | null;
  @Out.int({ nullable: true, description: 'The provider’s own code' }) errorCode!: number | null;
  @Out.text({ nullable: true, description: 'The provider’s id' }) providerId!: string | null;
  @Out.bool({ description: 'False when somebody asked for it by hand' }) automatic!: boolean;
  @Out.instant({ nullable: true, description: 'Set when people should look at it' }) flaggedAt!:
    | string
    | null;
  @Out.instant() dueAt!: string;
  @Out.instant() expiresAt!: string;
  @Out.instant() createdAt!: string;
  @Out.instant({ nullable: true }) acceptedAt!: string | null;
  @Out.instant({ nullable: true }) finalAt!: string | null;

  static from(this: void, message: Message): MessageResponse {
    const { id, direction, channel, family, state, automatic } = message;
    return {
      ...{ id, direction, channel, family, state, automatic },
      to: message.toAddress,
      customerId: message.customerId ?? null,
      bookingId: message.bookingId ?? null,
      paymentId: message.paymentId ?? null,
      refundId: message.refundId ?? null,
      subject: message.subject ?? null,
      body: message.body ?? null,
      segments: message.segments ?? null,
      reason: message.reason ?? null,
      errorCode: message.errorCode ?? null,
      providerId: message.providerId ?? null,
      flaggedAt: isoOf(message.flaggedAt),
      dueAt: message.dueAt.toISOString(),
      expiresAt: message.expiresAt.toISOString(),
      createdAt: message.createdAt.toISOString(),
      acceptedAt: isoOf(message.acceptedAt),
      finalAt: isoOf(message.finalAt),
    };
  }
}

/** One call to the provider. Its times are real time. */
export class AttemptResponse {
  @Out.int() number!: number;
  @Out.instant() startedAt!: string;
  @Out.instant({ nullable: true }) finishedAt!: string | null;
  @Out.text({ nullable: true, description: 'Null while nobody knows how it ended' }) outcome!: string | null;
  @Out.int({ nullable: true }) httpStatus!: number | null;
  @Out.int({ nullable: true }) errorCode!: number | null;

  static from(this: void, attempt: MessageAttempt): AttemptResponse {
    return {
      number: attempt.number,
      startedAt: attempt.startedAt.toISOString(),
      finishedAt: isoOf(attempt.finishedAt),
      outcome: attempt.outcome ?? null,
      httpStatus: attempt.httpStatus ?? null,
      errorCode: attempt.errorCode ?? null,
    };
  }
}

export class MessageHistoryResponse extends MessageResponse {
  @Out.list(() => AttemptResponse) attempts!: AttemptResponse[];

  static of(message: Message, attempts: readonly MessageAttempt[]): MessageHistoryResponse {
    return { ...MessageResponse.from(message), attempts: attempts.map(AttemptResponse.from) };
  }
}
