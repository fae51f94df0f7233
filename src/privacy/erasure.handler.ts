import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { WORKER } from '../common/actor.js';
import { isUuid, newId } from '../common/ids.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { ErasureRequest, type ErasureCertificate } from './entities/erasure-request.entity.js';
import { PersonalDataRegistry } from './personal-data.registry.js';
import { LEDGER_ADD, PERSON_LOCK } from './privacy.sql.js';

/** What stays, for how long, and on which ground (docs/privacy.md). */
const KEPT: ErasureCertificate['kept'] = [
  {
    what: 'bookings without words: time, service, amount',
    why: 'statistics, no longer about a person',
    until: '36 months',
  },
  {
    what: 'payments and refunds, and receipts with the name they were made out to',
    why: 'bookkeeping and tax law',
    until: '10 years',
  },
  { what: 'what was agreed to and refused', why: 'proof of consent', until: '5 years' },
  {
    what: 'STOP, as a keyed hash of the contact',
    why: 'so that it goes on being respected',
    until: '5 years',
  },
  { what: 'the audit log: ids and codes', why: 'security', until: '24 months' },
];

/** Forgets one person in one transaction, once: whoever comes second finds the request ended. */
@Injectable()
@HandlesOutbox({ name: 'privacy.erase', topics: ['erasure.due'] })
export class ErasureHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly registry: PersonalDataRegistry,
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
    const isBlocked = blockers.length > 0;
    if (isBlocked) Object.assign(request, { state: 'blocked', endedAt: now, blockers });
    else {
      const cut = await this.registry.erase(em, customerId, now);
      Object.assign(request, { state: 'done', endedAt: now, certificate: { cut, kept: KEPT } });
      await run(em, LEDGER_ADD, [newId(), customerId]);
    }
    await em.flush();
    await this.audit.record(em, WORKER, {
      action: isBlocked ? 'privacy.erasure-blocked' : 'privacy.erased',
      subjectKind: 'customer',
      subjectId: customerId,
    });
  }
}
