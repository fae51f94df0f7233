import { Out } from '../../common/fields/response.fields.js';
import {
  PAYMENT_TASK_KINDS,
  PAYMENT_TASK_STATES,
  type PaymentTask,
  type PaymentTaskKind,
  type PaymentTaskState,
} from '../entities/payment-task.entity.js';

/** Something about money that waits for a person, or did. */
export class PaymentTaskResponse {
  @Out.id() id!: string;
  @Out.oneOf(PAYMENT_TASK_KINDS) kind!: PaymentTaskKind;
  @Out.oneOf(PAYMENT_TASK_STATES) state!: PaymentTaskState;
  @Out.id({ nullable: true }) bookingId!: string | null;
  @Out.id({ nullable: true }) paymentId!: string | null;
  @Out.id({ nullable: true }) refundId!: string | null;
  @Out.text({ description: 'In plain words', example: 'The refund of $85.00 failed: lost_or_stolen_card.' })
  detail!: string;
  @Out.instant() openedAt!: string;
  @Out.instant({ nullable: true, description: 'When it decides itself, if nobody did' }) decidesAt!:
    | string
    | null;
  @Out.instant({ nullable: true }) doneAt!: string | null;
  @Out.id({ nullable: true, description: 'The account of who saw to it; null when it decided itself' })
  doneBy!: string | null;
  @Out.text({ nullable: true, example: 'given back in cash' }) outcome!: string | null;

  static from(this: void, task: PaymentTask): PaymentTaskResponse {
    const { id, kind, state, detail } = task;
    return {
      ...{ id, kind, state, detail },
      bookingId: task.bookingId ?? null,
      paymentId: task.paymentId ?? null,
      refundId: task.refundId ?? null,
      openedAt: task.openedAt.toISOString(),
      decidesAt: task.decidesAt?.toISOString() ?? null,
      doneAt: task.doneAt?.toISOString() ?? null,
      doneBy: task.doneBy ?? null,
      outcome: task.outcome ?? null,
    };
  }
}
