import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor, StaffRole } from '../common/actor.js';
import { normalizeEmail } from '../common/contact.js';
import { Conflict, FieldRefused } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { violates } from '../database/errors.js';
import { Account } from './entities/account.entity.js';
import { hashPassword, refuseWeak } from './passwords.js';

const LONGEST_NAME = 120;

/** What a new member of staff signs in with. */
export interface NewAccount {
  email: string;
  name: string;
  role: StaffRole;
  password: string;
}

/** Staff accounts. */
@Injectable()
export class Accounts {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** Makes an account; `Conflict` when the address has one, `WeakPassword` when guessers would find it. */
  async create(actor: Actor, wanted: NewAccount): Promise<Account> {
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

  private async hashFor({ email, password }: NewAccount): Promise<string> {
    refuseWeak(password, email);
    return hashPassword(password);
  }

  private async add(
    em: EntityManager,
    actor: Actor,
    { email, name, role }: NewAccount,
    passwordHash: string,
  ): Promise<Account> {
    const address = normalizeEmail(email);
    if (!address) throw new FieldRefused('/email', 'isEmail', 'must be an e-mail address');
    const account = em.create(Account, {
      id: newId(),
      email: address,
      name: name.slice(0, LONGEST_NAME),
      role,
      passwordHash,
      resourceId: null,
      disabledAt: null,
    });
    try {
      await em.flush();
    } catch (error) {
      if (violates(error, 'account_email_unique'))
        throw new Conflict('An account with this e-mail address exists.');
      throw error;
    }
    await this.audit.record(em, actor, {
      action: 'account.created',
      subjectKind: 'account',
      subjectId: account.id,
      details: { role },
    });
    return account;
  }
}
