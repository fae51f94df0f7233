import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { PRIVACY, type CustomerActor, type StaffActor } from '../common/actor.js';
import { Erased, NotFound, StepUpRequired } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { violates } from '../database/errors.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { ErasureRequest } from './entities/erasure-request.entity.js';
import { PersonalDataRegistry } from './personal-data.registry.js';
import { ErasureAsked, ErasureBlocked } from './privacy.errors.js';
import { erasureAsked, erasureDue, PRIVACY_TOPICS } from './privacy.events.js';
import { HOLD_SET, PERSON_LOCK } from './privacy.sql.js';

/** How long people may change their mind. */
const COOLING_OFF_MS = 72 * 3_600_000;

/** Asking to be forgotten, and taking it back; what is asked for is done by the handler when its time comes. */
@Injectable()
export class Erasures implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly registry: PersonalDataRegistry,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  onModuleInit(): void {
    this.outbox.declare(PRIVACY_TOPICS);
  }

  /** Throws StepUpRequired, ErasureBlocked, ErasureAsked. */
  async ask(actor: CustomerActor, customerId: string): Promise<ErasureRequest> {
    refuseOthers(actor, customerId);
    if (!actor.isFresh) throw new StepUpRequired();
    return this.open(actor, customerId);
  }

  /** Somebody asked at the counter or in a letter; they have the same time to change their mind. */
  async askFor(actor: StaffActor, customerId: string): Promise<ErasureRequest> {
    return this.open(actor, customerId);
  }

  /** The newest request of the customer's own; `NotFound` when there never was one. */
  async get(actor: CustomerActor, customerId: string): Promise<ErasureRequest> {
    refuseOthers(actor, customerId);
    return this.database.transact(actor, async (em) => {
      const [request] = await em.find(
        ErasureRequest,
        { customerId },
        { orderBy: { askedAt: 'desc', id: 'desc' }, limit: 1 },
      );
      if (!request) throw new NotFound();
      return request;
    });
  }

  /** Nothing happens then. `NotFound` when nothing waits. */
  async withdraw(actor: CustomerActor, customerId: string): Promise<void> {
    refuseOthers(actor, customerId);
    await this.database.transact(actor, async (em, now) => {
      const open = { customerId, state: 'asked' } as const;
      const request = await em.findOne(ErasureRequest, open, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!request) throw new NotFound();
      Object.assign(request, { state: 'withdrawn', endedAt: now });
      await this.audited(em, actor, 'privacy.erasure-withdrawn', customerId);
    });
  }

  /** Newest first; reads one row more than the page shows. */
  async list(actor: StaffActor, query: PageQuery): Promise<ErasureRequest[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, (em) =>
      em.find(ErasureRequest, beyond('askedAt', cursor, 'desc'), {
        orderBy: { askedAt: 'desc', id: 'desc' },
        limit: pageSize(query) + 1,
      }),
    );
  }

  /** The law wants it kept for now (a reason), or no longer (null). */
  async hold(actor: StaffActor, customerId: string, reason: string | null): Promise<void> {
    await this.database.transact(actor, async (em) => {
      if ((await run(em, HOLD_SET, [customerId, reason])).length === 0) throw new NotFound();
      await this.audited(em, actor, reason === null ? 'privacy.hold-lifted' : 'privacy.hold-set', customerId);
    });
  }

  /** Seen as the actor, whom row-level security binds; opened by the system, which sees all that may stand in the way. */
  private async open(actor: CustomerActor | StaffActor, customerId: string): Promise<ErasureRequest> {
    await this.database.transact(actor, async (em) => {
      if ((await run(em, PERSON_LOCK, [customerId])).length === 0) throw new NotFound();
    });
    return this.database.transact(PRIVACY, async (em, now) => {
      const [person] = await run<{ erased: boolean }>(em, PERSON_LOCK, [customerId]);
      if (!person) throw new NotFound();
      if (person.erased) throw new Erased();
      const blockers = await this.registry.blockers(em, customerId);
      if (blockers.length > 0) throw new ErasureBlocked(blockers);
      const dueAt = new Date(now.getTime() + COOLING_OFF_MS);
      const askedBy = actor.kind === 'staff' ? actor.accountId : null;
      const request = em.create(ErasureRequest, {
        ...{ id: newId(), customerId, askedBy, state: 'asked', askedAt: now, dueAt },
        ...{ endedAt: null, blockers: [], certificate: null },
      });
      await em.flush().catch((error: unknown) => {
        throw violates(error, 'erasure_request_one_open') ? new ErasureAsked() : error;
      });
      await this.outbox.add(em, erasureAsked(request.id, customerId), erasureDue(request.id, dueAt));
      await this.audited(em, actor, 'privacy.erasure-asked', customerId);
      return request;
    });
  }

  private async audited(
    em: EntityManager,
    actor: CustomerActor | StaffActor,
    action: string,
    subjectId: string,
  ) {
    await this.audit.record(em, actor, { action, subjectKind: 'customer', subjectId });
  }
}

/** Another's and a missing one are the same. */
function refuseOthers(actor: CustomerActor, customerId: string): void {
  if (customerId !== actor.customerId) throw new NotFound();
}
