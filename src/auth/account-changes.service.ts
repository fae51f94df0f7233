import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { StaffActor, StaffRole } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { NotFound, VersionMismatch } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { refusedByName } from './account-refusals.js';
import { Accounts } from './accounts.service.js';
import { AccountClosed, LastOwner } from './auth.errors.js';
import { OWNERS_LOCK, SESSIONS_REVOKE_OF_ACCOUNT } from './auth.sql.js';
import { Account } from './entities/account.entity.js';
import { refuseGrant } from './grant-rules.js';
import { hashPassword, refuseWeak } from './passwords.js';

/** What is not named stays; a null `staffId` leaves the account without a calendar of its own. */
export interface AccountChange {
  name?: string;
  role?: StaffRole;
  staffId?: string | null;
  disabled?: boolean;
  password?: string;
}

/**
 * Changes of who may sign in and as what. They act on the next request, because each request reads the account's row;
 * a disabled account and a new password end the sessions there were. One owner who can sign in always remains.
 */
@Injectable()
export class AccountChanges {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** `version` is the one that was read, if any. */
  async change(
    actor: StaffActor,
    id: string,
    change: AccountChange,
    version: number | null,
  ): Promise<Account> {
    const passwordHash = await this.hashFor(actor, id, change.password);
    return this.database.transact(actor, async (em) => {
      const account = await this.lock(em, id, version);
      if (account.closedAt) throw new AccountClosed();
      refuseGrant(actor, account.role, change.role ?? account.role);
      const { role = account.role, disabled = account.disabledAt !== null } = change;
      if (disabled || role !== 'owner') await this.refuseLastOwner(em, account);
      this.takeOver(account, { ...change, role, disabled }, passwordHash);
      await em.flush().catch(refusedByName);
      if (disabled || passwordHash) await run(em, SESSIONS_REVOKE_OF_ACCOUNT, [id]);
      await this.audit.record(em, actor, {
        action: 'account.changed',
        subjectKind: 'account',
        subjectId: id,
        details: detailsOf(change),
      });
      return account;
    });
  }

  /** Ends the account for good; its row stays, since bookings and the audit log name it. A second time changes nothing. */
  async close(actor: StaffActor, id: string, version: number | null): Promise<void> {
    await this.database.transact(actor, async (em) => {
      const account = await this.lock(em, id, version);
      refuseGrant(actor, account.role);
      if (account.closedAt) return;
      await this.refuseLastOwner(em, account);
      const now = this.clock.realNow();
      account.closedAt = now;
      account.disabledAt ??= now;
      await em.flush();
      await run(em, SESSIONS_REVOKE_OF_ACCOUNT, [id]);
      await this.audit.record(em, actor, {
        action: 'account.closed',
        subjectKind: 'account',
        subjectId: id,
      });
    });
  }

  /** Hashed before the locks are taken: it is slow on purpose. */
  private async hashFor(actor: StaffActor, id: string, password: string | undefined): Promise<string | null> {
    if (password === undefined) return null;
    refuseWeak(password, (await this.accounts.get(actor, id)).email);
    return hashPassword(password);
  }

  /** One change of accounts at a time: two owners who demote each other must see what the other did. */
  private async lock(em: EntityManager, id: string, version: number | null): Promise<Account> {
    await run(em, OWNERS_LOCK);
    const account = await em.findOne(Account, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!account) throw new NotFound();
    if (version !== null && account.version !== version) throw new VersionMismatch();
    return account;
  }

  private async refuseLastOwner(em: EntityManager, { id, role, disabledAt }: Account): Promise<void> {
    if (role !== 'owner' || disabledAt) return;
    const others = await em.count(Account, { role: 'owner', disabledAt: null, id: { $ne: id } });
    if (others === 0) throw new LastOwner();
  }

  private takeOver(
    account: Account,
    { name, role, staffId, disabled }: AccountChange & { role: StaffRole },
    passwordHash: string | null,
  ): void {
    account.role = role;
    if (name !== undefined) account.name = name;
    if (staffId !== undefined) account.resourceId = staffId?.toLowerCase() ?? null;
    if (passwordHash) account.passwordHash = passwordHash;
    account.disabledAt = disabled ? (account.disabledAt ?? this.clock.realNow()) : null;
  }
}

/** Which fields changed, and those values that are ids or codes; never a name or a password. */
function detailsOf(change: AccountChange): Record<string, string | boolean | null> {
  const named = Object.entries(change).filter(([, value]) => value !== undefined);
  const { role, staffId, disabled } = change;
  return {
    fields: named
      .map(([field]) => field)
      .sort()
      .join(','),
    ...(role === undefined ? {} : { role }),
    ...(staffId === undefined ? {} : { staffId }),
    ...(disabled === undefined ? {} : { disabled }),
  };
}
