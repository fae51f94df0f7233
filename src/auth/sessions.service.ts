import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { SIGN_IN, type Actor, type StaffRole } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { Unauthenticated } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { AuditLog } from '../audit/audit.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { ACCESS_TOKEN_SECONDS, AccessTokens, type Claims } from './access-tokens.js';
import { SESSION_ACTOR, SESSION_REVOKE, SESSION_SEEN } from './auth.sql.js';
import { Session } from './entities/session.entity.js';

const SESSION_DAYS = 30;

/** An access token and for how many seconds it is good. */
export interface AccessGrant {
  accessToken: string;
  expiresIn: number;
}

interface ActorRow {
  kind: Claims['kind'];
  subject: string;
  role: StaffRole | null;
  resource_id: string | null;
  unseen: boolean;
  fresh: boolean;
  history_from_ms: number | null;
}

/** Sign-ins: opened by a proof, read on each request, ended at once. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly tokens: AccessTokens,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** The actor of a verified token, from the rows as they are now; `Unauthenticated` when the session has ended. */
  async actorOf(claims: Claims): Promise<Actor> {
    const [row] = await this.database.execute<ActorRow>(SIGN_IN, SESSION_ACTOR, [claims.sid]);
    if (!row || row.kind !== claims.kind || row.subject !== claims.sub) throw new Unauthenticated();
    if (row.unseen) await this.database.transact(SIGN_IN, (em) => run(em, SESSION_SEEN, [claims.sid]));
    return actorFrom(row, claims.sid);
  }

  /** A fresh session of a member of staff; never one that existed before, so that none can be planted. */
  async openForStaff(em: EntityManager, accountId: string): Promise<Session> {
    return this.open(em, { kind: 'staff', accountId }, SESSION_DAYS * 86_400_000);
  }

  /** A fresh session of a customer who has just proven a contact; `historyFrom` is app time. */
  async openForCustomer(em: EntityManager, customerId: string, historyFrom: Date | null): Promise<Session> {
    const provenAt = this.clock.realNow();
    return this.open(em, { kind: 'customer', customerId, provenAt, historyFrom }, SESSION_DAYS * 86_400_000);
  }

  /** A guest's session on one booking; it ends with its manage link, or after `lifetimeMs`. */
  async openForGuest(
    em: EntityManager,
    link: { id: string; bookingId: string },
    lifetimeMs: number,
  ): Promise<Session> {
    return this.open(em, { kind: 'guest', bookingId: link.bookingId, manageLinkId: link.id }, lifetimeMs);
  }

  /** An access token for a session that stands; `Unauthenticated` when it does not. */
  async grant(em: EntityManager, sessionId: string): Promise<AccessGrant> {
    const row = await this.standing(em, sessionId);
    if (!row) throw new Unauthenticated();
    const accessToken = await this.tokens.mint({ kind: row.kind, sub: row.subject, sid: sessionId });
    return { accessToken, expiresIn: ACCESS_TOKEN_SECONDS };
  }

  /** Ends the actor's own session: its tokens are refused from the next request on. */
  async signOut(actor: Actor): Promise<void> {
    if (actor.kind === 'public' || actor.kind === 'system') throw new Unauthenticated();
    await this.database.transact(actor, async (em) => {
      await this.revoke(em, actor.sessionId);
      await this.audit.record(em, actor, {
        action: 'session.signed-out',
        subjectKind: 'session',
        subjectId: actor.sessionId,
      });
    });
  }

  /** Ends a session inside the caller's transaction. */
  async revoke(em: EntityManager, sessionId: string): Promise<void> {
    await run(em, SESSION_REVOKE, [sessionId]);
  }

  private async open(
    em: EntityManager,
    whose: Pick<Session, 'kind'> & Partial<Session>,
    lifetimeMs: number,
  ): Promise<Session> {
    const now = this.clock.realNow();
    const owner = { accountId: null, customerId: null, bookingId: null, manageLinkId: null };
    const proof = { provenAt: null, historyFrom: null };
    const session = em.create(Session, {
      id: newId(),
      ...owner,
      ...proof,
      ...whose,
      createdAt: now,
      expiresAt: new Date(now.getTime() + lifetimeMs),
      lastSeenAt: now,
      revokedAt: null,
    });
    await em.flush();
    return session;
  }

  private async standing(em: EntityManager, sessionId: string): Promise<ActorRow | undefined> {
    const [row] = await run<ActorRow>(em, SESSION_ACTOR, [sessionId]);
    return row;
  }
}

function actorFrom(row: ActorRow, sessionId: string): Actor {
  const { kind, subject, role, resource_id } = row;
  if (kind === 'customer')
    return {
      kind,
      customerId: subject,
      sessionId,
      isFresh: row.fresh,
      historyFrom: row.history_from_ms === null ? null : new Date(row.history_from_ms),
    };
  if (kind === 'guest') return { kind, bookingId: subject, sessionId };
  if (!role) throw new Unauthenticated();
  return { kind, accountId: subject, role, resourceId: resource_id, sessionId };
}
