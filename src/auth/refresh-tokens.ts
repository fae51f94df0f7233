import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { SIGN_IN } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Unauthenticated } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { Secrets } from '../config/secrets.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { REFRESH_LOCK, REFRESH_UNUSED, REFRESH_USE } from './auth.sql.js';
import { RefreshToken } from './entities/refresh-token.entity.js';
import { hashOf, newSecretToken } from './secret-tokens.js';
import { Sessions, type AccessGrant } from './sessions.service.js';

/** A session left alone for this long has to be signed in to again. */
const IDLE_DAYS = 7;

/** What keeps a client signed in: an access token and the key to the next one. */
export interface RefreshedGrant extends AccessGrant {
  refreshToken: string;
}

interface TokenRow {
  id: string;
  session_id: string;
  used: boolean;
  just_used: boolean;
  fresh: boolean;
}

/**
 * Single-use tokens that rotate. A token used twice was stolen from somebody, so its whole session ends; only a repeat
 * within 10 seconds, whose first answer was lost, gets the same successor again.
 */
@Injectable()
export class RefreshTokens {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly secrets: Secrets,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** The first token of a new session. */
  async issue(em: EntityManager, sessionId: string): Promise<string> {
    const token = newSecretToken();
    await this.keep(em, sessionId, token);
    return token;
  }

  /** Trades a token for its successor and a new access token; anything but a live token is `Unauthenticated`. */
  async rotate(token: string): Promise<RefreshedGrant> {
    const grant = await this.database.transact(SIGN_IN, async (em) => {
      const [row] = await run<TokenRow>(em, REFRESH_LOCK, [hashOf(token)]);
      if (!row || !row.fresh) return null;
      const successor = this.successorOf(token);
      if (row.used && !(await this.mayRepeat(em, row, successor))) return this.endStolen(em, row);
      if (!row.used) {
        await run(em, REFRESH_USE, [row.id]);
        await this.keep(em, row.session_id, successor);
      }
      return { ...(await this.sessions.grant(em, row.session_id)), refreshToken: successor };
    });
    if (!grant) throw new Unauthenticated();
    return grant;
  }

  /** Derived, not drawn, so that it can be told a second time although only hashes are stored. */
  private successorOf(token: string): string {
    return this.secrets.hmac('refresh-successor', token);
  }

  private async mayRepeat(em: EntityManager, row: TokenRow, successor: string): Promise<boolean> {
    if (!row.just_used) return false;
    return (await run(em, REFRESH_UNUSED, [hashOf(successor)])).length === 1;
  }

  /** Returns instead of throwing: the end of the session must commit. */
  private async endStolen(em: EntityManager, row: TokenRow): Promise<null> {
    await this.sessions.revoke(em, row.session_id);
    await this.audit.record(em, SIGN_IN, {
      action: 'session.token-reused',
      subjectKind: 'session',
      subjectId: row.session_id,
    });
    return null;
  }

  private async keep(em: EntityManager, sessionId: string, token: string): Promise<void> {
    const now = this.clock.realNow();
    em.create(RefreshToken, {
      sessionId,
      tokenHash: hashOf(token),
      createdAt: now,
      expiresAt: new Date(now.getTime() + IDLE_DAYS * 86_400_000),
      usedAt: null,
    });
    await em.flush();
  }
}
