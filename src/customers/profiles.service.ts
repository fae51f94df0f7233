import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CustomerActor, StaffActor } from '../common/actor.js';
import { Erased, FieldRefused, NotFound, VersionMismatch } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { Database } from '../database/database.service.js';
import { violates } from '../database/errors.js';
import type { Question } from '../database/question.js';
import { ConsentService } from './consent.service.js';
import { decision, type ConsentChoices, type Consents } from './consent.types.js';
import { personIdOf, personOf } from './customer.scope.js';
import { CUSTOMER_TOPICS, customerChanged } from './customers.events.js';
import { CUSTOMER_IN_PORTAL } from './customers.sql.js';
import type { ProfileChange } from './customers.types.js';
import { CONSENT_PURPOSES } from './entities/consent.entity.js';
import { Customer } from './entities/customer.entity.js';

type ProfileActor = CustomerActor | StaffActor;

/** Customers as they see themselves: their profile and what they agreed to. */
@Injectable()
export class Profiles implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly consents: ConsentService,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.outbox.declare(CUSTOMER_TOPICS);
  }

  /** Another's and a missing one are the same `NotFound`, found out by the same question; staff are told of an erased one. */
  async get(actor: ProfileActor, id: string): Promise<Readonly<Customer>> {
    const [customer] = await this.database.ask(actor, [this.whose(actor, id)]);
    return customer;
  }

  /** The same for whoever asks more at once: whose portal it is. */
  whose(actor: ProfileActor, id: string): Question<Readonly<Customer>> {
    return {
      statement: CUSTOMER_IN_PORTAL,
      values: [id, personIdOf(actor)],
      answer: (rows, seen) => present(seen.as(Customer, rows)[0]),
    };
  }

  /** The customer of an address: a customer's own proven one, or, for the desk, its holder, else whoever gave it last. */
  async byEmail(actor: ProfileActor, email: string): Promise<Customer> {
    return this.database.transact(actor, async (em) => {
      const isProven = actor.kind === 'customer' ? { emailVerifiedAt: { $ne: null } } : {};
      const [customer] = await em.find(
        Customer,
        { $and: [{ email, mergedIntoId: null, erasedAt: null }, isProven, personOf(actor)] },
        { orderBy: { emailVerifiedAt: 'asc nulls last', createdAt: 'desc' }, limit: 1 },
      );
      if (!customer) throw new NotFound();
      return customer;
    });
  }

  /** `version` is the one that was read, if any. Throws FieldRefused for a person who does not work here. */
  async change(
    actor: ProfileActor,
    id: string,
    change: ProfileChange,
    version: number | null,
  ): Promise<Customer> {
    return this.database.transact(actor, async (em) => {
      const customer = await this.find(em, actor, id, true);
      if (version !== null && customer.version !== version) throw new VersionMismatch();
      customer.changeProfile(change);
      await em.flush().catch(refusedByName);
      await this.audit.record(em, actor, {
        action: 'customer.profile-changed',
        subjectKind: 'customer',
        subjectId: id,
        details: { fields: Object.keys(change).sort().join(',') },
      });
      await this.outbox.add(em, customerChanged(id));
      return customer;
    });
  }

  async consentsOf(actor: ProfileActor, id: string): Promise<Consents> {
    return this.database.transact(actor, async (em) => {
      await this.find(em, actor, id);
      return this.consents.latest(em, id);
    });
  }

  /** Adds a decision for each purpose that is named and decided otherwise than before; what was said before stays on record. */
  async decide(actor: ProfileActor, id: string, choices: ConsentChoices): Promise<Consents> {
    return this.database.transact(actor, async (em) => {
      await this.find(em, actor, id, true);
      const before = await this.consents.latest(em, id);
      const source = actor.kind === 'customer' ? 'portal' : 'staff';
      const decisions = CONSENT_PURPOSES.flatMap((purpose) => {
        const granted = choices[purpose];
        return granted === undefined || granted === before[purpose]
          ? []
          : [decision(purpose, granted, source)];
      });
      this.consents.record(em, actor, id, decisions);
      await em.flush();
      for (const { purpose, granted } of decisions)
        await this.audit.record(em, actor, {
          action: 'consent.decided',
          subjectKind: 'customer',
          subjectId: id,
          details: { purpose, granted },
        });
      if (decisions.length > 0) await this.outbox.add(em, customerChanged(id));
      return this.consents.latest(em, id);
    });
  }

  private async find(
    em: EntityManager,
    actor: ProfileActor,
    id: string,
    isLocked = false,
  ): Promise<Customer> {
    const customer = await em.findOne(
      Customer,
      { $and: [{ id, mergedIntoId: null }, personOf(actor)] },
      isLocked ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {},
    );
    return present(customer ?? undefined);
  }
}

function present(customer: Customer | undefined): Customer {
  if (!customer) throw new NotFound();
  if (customer.erasedAt) throw new Erased();
  return customer;
}

function refusedByName(error: unknown): never {
  if (violates(error, 'customer_preferred_resource_exists'))
    throw new FieldRefused('/preferredStaffId', 'unknown', 'is nobody who works here');
  throw error;
}
