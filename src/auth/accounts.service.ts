import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, StaffRole } from '../common/actor.js';
import { normalizeEmail } from '../common/contact.js';
import { FieldRefused, NotFound } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { pageSize, readCursor, type PageQuery } from '../common/page.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { refusedByName } from './account-refusals.js';
import { Account } from './entities/account.entity.js';
import { refuseGrant } from './grant-rules.js';
import { hashPassword, refuseWeak } from './passwords.js';

const LONGEST_NAME = 120;

/** What a new member of staff signs in with; `staffId` is their own calendar. */
export interface NewAccount {
  email: string;
  name: string;
  role: StaffRole;
  password: string;
  staffId?: string | null;
}

/** Staff accounts: made and read. */
@Injectable()
export class Accounts {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Makes an account. `AddressTaken` when the address has one, `WeakPassword` when guessers would find it,
   * `UnknownCalendar` when nobody of that id works here, `Forbidden` for a role above the actor's own.
   */
  async create(actor: Actor, wanted: NewAccount): Promise<Account> {
    refuseGrant(actor, wanted.role);
    const passwordHash = await this.hashFor(wanted);
    return this.database.transact(actor, (em) => this.add(em, actor, wanted, passwordHash));
  }

  /** Makes the very first account; null when there is one already. `lock` is taken first, so that only one process can. */
  async createFirst(
    actor: Actor,
    wanted: NewAccount,
    lock: (em: EntityManager) => Promise<unknown>,
  ): Promise<Account | null> {
    const passwordHash = await this.hashFor(wanted);
    return this.database.transact(actor, async (em) => {
      await lock(em);
      if ((await em.count(Account)) > 0) return null;
      return this.add(em, actor, wanted, passwordHash);
    });
  }

  /** Whether anybody can sign in at all. */
  async exist(actor: Actor): Promise<boolean> {
    return this.database.transact(actor, async (em) => (await em.count(Account)) > 0);
  }

  /** In the order they were made, which is the order of their ids; reads one row more than the page shows. */
  async list(actor: Actor, query: PageQuery): Promise<Account[]> {
    const cursor = readCursor(query);
    const where = cursor ? { id: { $gt: cursor.id } } : {};
    return this.database.transact(actor, (em) =>
      em.find(Account, where, { orderBy: { id: 'asc' }, limit: pageSize(query) + 1 }),
    );
  }

  /** One account, disabled and closed ones too. */
  async get(actor: Actor, id: string): Promise<Account> {
    const account = await this.database.transact(actor, (em) => em.findOne(Account, { id }));
    if (!account) throw new NotFound();
    return account;
  }

  private async hashFor({ email, password }: NewAccount): Promise<string> {
    refuseWeak(password, email);
    return hashPassword(password);
  }

  private async add(
    em: EntityManager,
    actor: Actor,
    { email, name, role, staffId }: NewAccount,
    passwordHash: string,
  ): Promise<Account> {
    const address = normalizeEmail(email);
    if (!address) throw new FieldRefused('/email', 'email', 'must be an e-mail address');
    const account = em.create(Account, {
      id: newId(),
      email: address,
      name: name.slice(0, LONGEST_NAME),
      role,
      passwordHash,
      resourceId: staffId?.toLowerCase() ?? null,
      disabledAt: null,
      closedAt: null,
    });
    await em.flush().catch(refusedByName);
    await this.audit.record(em, actor, {
      action: 'account.created',
      subjectKind: 'account',
      subjectId: account.id,
      details: { role, staffId: account.resourceId ?? null },
    });
    return account;
  }
}
