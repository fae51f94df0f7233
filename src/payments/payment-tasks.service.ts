import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { PaymentTask, type PaymentTaskKind } from './entities/payment-task.entity.js';

/** What a person must look at. */
export interface NewTask {
  kind: PaymentTaskKind;
  subject: string;
  bookingId?: string | null;
  paymentId?: string | null;
  refundId?: string | null;
  detail: string;
  /** App time at which it decides itself. */
  decidesAt?: Date | null;
}

/** Opens and ends what waits for a person. Joins the caller's transaction. */
@Injectable()
export class PaymentTasks {
  /** One for each subject, however often it is found. */
  async open(em: EntityManager, task: NewTask, now: Date): Promise<void> {
    if (await em.findOne(PaymentTask, { subject: task.subject })) return;
    em.create(PaymentTask, { id: newId(), ...task, state: 'open', openedAt: now });
    await em.flush();
  }
}
