import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { ErasureRequest } from './entities/erasure-request.entity.js';
import { Forgetting } from './forgetting.service.js';
import { PersonalDataRegistry } from './personal-data.registry.js';
import { PERSON_LOCK } from './privacy.sql.js';

/** Forgets one person in one transaction, once: whoever comes second finds the request ended. */
@Injectable()
@HandlesOutbox({ name: 'privacy.erase', topics: ['erasure.due'] })
export class ErasureHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly registry: PersonalDataRegistry,
    private readonly forgetting: Forgetting,
    private readonly audit: AuditLog,
  ) {}

  async handle(effect: Effect): Promise<void> {
    const { requestId } = effect.payload;
    if (!isUuid(requestId)) throw new Hopeless('an order to erase without a request');
    await this.database.transact(WORKER, async (em, now) => {
      const found = await em.findOne(ErasureRequest, requestId);
      const [person] = found ? await run(em, PERSON_LOCK, [found.customerId]) : [];
      const lockMode = LockMode.PESSIMISTIC_WRITE;
      const request = await em.findOne(ErasureRequest, requestId, { lockMode, refresh: true });
      if (request?.state === 'asked') {
        // A guest who was given to a customer meanwhile: nobody asked to forget that customer.
        if (person) await this.settle(em, request, now);
        else Object.assign(request, { state: 'withdrawn', endedAt: now });
      }
      await effect.settle(em);
    });
  }

  /** What has come up meanwhile still stands in the way; then the customer asks again. */
  private async settle(em: EntityManager, request: ErasureRequest, now: Date): Promise<void> {
    const { customerId } = request;
    const blockers = await this.registry.blockers(em, customerId);
    if (blockers.length === 0) {
      const certificate = await this.forgetting.forget(em, WORKER, customerId, now, 'asked');
      Object.assign(request, { state: 'done', endedAt: now, certificate });
      return;
    }
    Object.assign(request, { state: 'blocked', endedAt: now, blockers });
    await this.audit.record(em, WORKER, {
      action: 'privacy.erasure-blocked',
      subjectKind: 'customer',
      subjectId: customerId,
    });
  }
}
