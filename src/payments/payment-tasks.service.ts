import { LockMode, type FilterQuery } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { PaymentTask, type PaymentTaskKind, type PaymentTaskState } from './entities/payment-task.entity.js';
import { Refund } from './entities/refund.entity.js';
import { TaskIsDone, TaskWantsDecision } from './payment-desk.errors.js';
import { TASK_OPEN } from './payment-tasks.sql.js';
import { refundSettled } from './payments.events.js';

const LONGEST_DETAIL = 500;

/** Something a person must look at. `subject` tells it from others of its kind, so that it is opened once however often it is found. */
export interface NewPaymentTask {
  kind: PaymentTaskKind;
  subject: string;
  bookingId?: string | null;
  paymentId?: string | null;
  refundId?: string | null;
  /** Plain words, amounts and codes; no personal data. */
  detail: string;
  /** When it decides itself, if nobody did; without one it waits for as long as it takes. */
  decidesAt?: Date | null;
}

/** How a task ended: by which account (null for the system) and with what result, in at most 40 characters. */
export interface TaskEnd {
  by: string | null;
  outcome: string;
}

/** What about money waits for a person. */
@Injectable()
export class PaymentTasks {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  /** Joins the caller's transaction. A task of the same subject is given back as it stands, even when it is done. */
  async open(em: EntityManager, task: NewPaymentTask, now: Date): Promise<PaymentTask> {
    const { kind, subject, bookingId, paymentId, refundId, detail, decidesAt } = task;
    const told = detail.slice(0, LONGEST_DETAIL);
    await run(em, TASK_OPEN, [
      ...[newId(), kind, subject, bookingId ?? null, paymentId ?? null, refundId ?? null, told],
      ...[decidesAt ?? null, now],
    ]);
    return em.findOneOrFail(PaymentTask, { subject });
  }

  /** Locks the task in the caller's transaction. Throws NotFound. */
  async lock(em: EntityManager, id: string): Promise<PaymentTask> {
    const task = await em.findOne(
      PaymentTask,
      { id },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (!task) throw new NotFound();
    return task;
  }

  /** Joins the caller's transaction. Throws NotFound, and TaskIsDone the second time: only one end counts. */
  async finish(em: EntityManager, id: string, { by, outcome }: TaskEnd, now: Date): Promise<PaymentTask> {
    const task = await this.lock(em, id);
    if (task.state === 'done') throw new TaskIsDone();
    Object.assign(task, { state: 'done', doneAt: now, doneBy: by, outcome });
    await em.flush();
    return task;
  }

  /** Ends whatever is open of these, for it has come to its end by itself. Joins the caller's transaction. */
  async finishAll(
    em: EntityManager,
    which: FilterQuery<PaymentTask>,
    end: TaskEnd,
    now: Date,
  ): Promise<void> {
    for (const { id } of await em.find(PaymentTask, { $and: [which, { state: 'open' }] }))
      await this.finish(em, id, end, now);
  }

  /**
   * Ticks off a task that needs no more than that; money that does not fit needs a decision. A refund that was to be given by hand
   * has been given.
   */
  async tick(actor: StaffActor, id: string, outcome: string): Promise<PaymentTask> {
    return this.database.transact(actor, async (em, now) => {
      if ((await this.lock(em, id)).kind === 'mismatch') throw new TaskWantsDecision();
      const task = await this.finish(em, id, { by: actor.accountId, outcome }, now);
      if (task.kind === 'refund-by-hand' && task.refundId) await this.given(em, task.refundId, now);
      await this.audit.record(em, actor, {
        action: 'payment-task.done',
        subjectKind: 'payment_task',
        subjectId: id,
        details: { kind: task.kind },
      });
      return task;
    });
  }

  private async given(em: EntityManager, refundId: string, now: Date): Promise<void> {
    const refund = await em.findOneOrFail(
      Refund,
      { id: refundId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (refund.settledAt) return;
    Object.assign(refund, { state: 'succeeded', settledAt: now });
    await em.flush();
    await this.outbox.add(em, refundSettled(refund));
  }

  /** Newest first; reads one row more than the page shows. */
  async list(actor: StaffActor, query: PageQuery, state: PaymentTaskState | null): Promise<PaymentTask[]> {
    const where = [state ? { state } : {}, beyond('openedAt', readCursor(query), 'desc')];
    return this.database.transact(actor, (em) =>
      em.find(
        PaymentTask,
        { $and: where },
        { orderBy: { openedAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      ),
    );
  }
}
