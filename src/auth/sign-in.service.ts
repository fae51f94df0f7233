import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import { SIGN_IN, type StaffRole } from '../common/actor.js';
import { RateLimited } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { Secrets } from '../config/secrets.service.js';
import { Database } from '../database/database.service.js';
import { SignInFailed } from './auth.errors.js';
import { Account } from './entities/account.entity.js';
import { isPassword } from './passwords.js';
import { RefreshTokens, type RefreshedGrant } from './refresh-tokens.js';
import { SecurityCounters, type Attempt, type CounterRule } from './security-counters.js';
import { Sessions } from './sessions.service.js';

const QUARTER_HOUR = 900;
const SLOWED_FROM = 20;
const SLOWEST_MS = 3_000;

/** A member of staff who has just signed in. */
export interface StaffGrant extends RefreshedGrant {
  account: { id: string; role: StaffRole };
}

/** E-mail and password of staff. An unknown address takes the same path, writes the same rows and costs the same time. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly counters: SecurityCounters,
    private readonly secrets: Secrets,
    private readonly sessions: Sessions,
    private readonly refreshTokens: RefreshTokens,
    private readonly audit: AuditLog,
  ) {}

  /** Opens a new session; `SignInFailed` says nothing about which part was wrong, `RateLimited` that it was not looked at. */
  async withPassword(email: string, password: string, ip: string): Promise<StaffGrant> {
    const [byIp, byPair, byAccount] = this.rulesFor(email, ip);
    const attempts = await this.counters.take([byIp, byPair, byAccount]);
    if ('blocked' in attempts) throw new RateLimited(attempts.wait);
    await slowDown(attempts[2]);
    const account = await this.database.transact(SIGN_IN, (em) => em.findOne(Account, { email }));
    const matches = await isPassword(password, account?.passwordHash ?? null);
    if (!account || !matches || account.disabledAt) {
      await this.audit.recordApart(SIGN_IN, {
        action: 'sign-in.failed',
        subjectKind: 'account',
        ...(account ? { subjectId: account.id } : {}),
      });
      throw new SignInFailed(Math.max(...attempts.map(({ nextWait }) => nextWait)));
    }
    await this.counters.forgive([byPair.key], [byIp.key, byAccount.key]);
    return this.open(account);
  }

  /** The row is read again under a lock: a change of the password or a closing that came meanwhile ends this sign-in too. */
  private async open({ id, passwordHash }: Account): Promise<StaffGrant> {
    return this.database.transact(SIGN_IN, async (em) => {
      const proven = { id, passwordHash, disabledAt: null };
      const account = await em.findOne(Account, proven, { lockMode: LockMode.PESSIMISTIC_READ });
      if (!account) throw new SignInFailed(0);
      const session = await this.sessions.openForStaff(em, id);
      const refreshToken = await this.refreshTokens.issue(em, session.id);
      await this.audit.record(em, SIGN_IN, {
        action: 'sign-in.succeeded',
        subjectKind: 'account',
        subjectId: id,
      });
      return {
        ...(await this.sessions.grant(em, session.id)),
        refreshToken,
        account: { id, role: account.role },
      };
    });
  }

  /**
   * What blocks is counted for this address from this network place, so that a stranger cannot lock anybody out from
   * elsewhere; what is counted for the address alone only slows (see `slowDown`).
   */
  private rulesFor(email: string, ip: string): [CounterRule, CounterRule, CounterRule] {
    const key = (kind: string, text: string) => `sign-in/${kind}/${this.secrets.hmac('sign-in', text)}`;
    const waits = { quietSeconds: 2 * QUARTER_HOUR, firstWait: 2, longestWait: QUARTER_HOUR };
    return [
      { ...waits, key: key('ip', ip), blocksFrom: 50 },
      { ...waits, key: key('pair', `${email} ${ip}`), blocksFrom: 5 },
      { ...waits, key: key('account', email), blocksFrom: 2_000_000_000 },
    ];
  }
}

/** Guesses at one address from everywhere make each next one slower, up to 3 seconds, and never refuse the right one. */
async function slowDown(byAccount: Attempt | undefined): Promise<void> {
  const beyond = (byAccount?.count ?? 0) - SLOWED_FROM;
  if (beyond > 0) await sleep(Math.min(beyond * 100, SLOWEST_MS));
}
