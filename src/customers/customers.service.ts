import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor } from '../common/actor.js';
import { NotFound, VersionMismatch } from '../common/domain-error.js';
import { beyond } from '../common/keyset.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { AuditLog } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { matching } from './customer-search.js';
import { customerChanged } from './customers.events.js';
import { CUSTOMER_KNOWN } from './customers.sql.js';
import type { CustomerChange, NewCustomer } from './customers.types.js';
import { Customer } from './entities/customer.entity.js';

/** People who book. */
@Injectable()
export class CustomersService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly audit: AuditLog,
    private readonly outbox: Outbox,
  ) {}

  /**
   * A row of its own for whoever books, with unverified contacts: nothing is looked up and nobody else is touched, so that nobody
   * learns or alters anything by booking with another person's address. Joins the caller's transaction.
   */
  async add(em: EntityManager, person: NewCustomer, now: Date): Promise<Customer> {
    const locale = person.locale ?? (await this.business.get(em)).locale;
    const customer = em.create(Customer, {
      name: person.name,
      phone: person.phone ?? null,
      email: person.email ?? null,
      timeZone: person.timeZone ?? null,
      locale,
      createdAt: now,
    });
    await em.flush();
    return customer;
  }

  /** Newest first, without those who were merged or erased; reads one row more than the page shows. */
  async list(actor: StaffActor, query: PageQuery, search: string | undefined): Promise<Customer[]> {
    const cursor = readCursor(query);
    return this.database.transact(actor, (em) =>
      em.find(
        Customer,
        {
          $and: [
            { mergedIntoId: null, erasedAt: null },
            matching(search),
            beyond('createdAt', cursor, 'desc'),
          ],
        },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit: pageSize(query) + 1 },
      ),
    );
  }

  async get(actor: StaffActor, id: string): Promise<Customer> {
    return this.database.transact(actor, async (em) => {
      const customer = await em.findOne(Customer, { id });
      if (!customer) throw new NotFound();
      return customer;
    });
  }

  /** Whom staff would take for that person: the same name and one of the same contacts. Null for nobody. */
  async known(em: EntityManager, { name, phone, email }: NewCustomer): Promise<string | null> {
    const [found] = await run<{ id: string }>(em, CUSTOMER_KNOWN, [name, phone ?? null, email ?? null]);
    return found?.id ?? null;
  }

  /** Somebody who came in or called. */
  async create(
    actor: StaffActor,
    person: NewCustomer & { notes?: string | null | undefined },
  ): Promise<Customer> {
    return this.database.transact(actor, async (em, now) => {
      const customer = await this.add(em, person, now);
      if (person.notes) customer.notes = person.notes;
      await this.audit.record(em, actor, {
        action: 'customer.created',
        subjectKind: 'customer',
        subjectId: customer.id,
      });
      await em.flush();
      return customer;
    });
  }

  /** A contact that changes is no longer verified: only its holder can prove it. `version` is the one that was read, if any. */
  async change(
    actor: StaffActor,
    id: string,
    change: CustomerChange,
    version: number | null,
  ): Promise<Customer> {
    return this.database.transact(actor, async (em) => {
      const customer = await em.findOne(
        Customer,
        { id, mergedIntoId: null, erasedAt: null },
        { lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      if (!customer) throw new NotFound();
      if (version !== null && customer.version !== version) throw new VersionMismatch();
      customer.change(change);
      await this.audit.record(em, actor, {
        action: 'customer.changed',
        subjectKind: 'customer',
        subjectId: id,
        details: { fields: Object.keys(change).sort().join(',') },
      });
      await this.outbox.add(em, customerChanged(id));
      await em.flush();
      return customer;
    });
  }
}
