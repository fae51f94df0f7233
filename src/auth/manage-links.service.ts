import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { MANAGE_LINK } from '../common/actor.js';
import { NotFound } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import { AuditLog } from '../audit/audit.service.js';
import { Config } from '../config/config.js';
import { runAll, type Bound } from '../database/batch.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { LINK_ADD, LINK_FIND, LINK_REVOKE } from './auth.sql.js';
import { newManageLink } from './manage-link.types.js';
import { hashOf } from './secret-tokens.js';
import { Sessions, type AccessGrant } from './sessions.service.js';

const GUEST_SESSION_MS = 3_600_000;

/** Whose booking a link opens, and until when (app time, the end of the appointment). */
export interface LinkSubject {
  bookingId: string;
  customerId: string;
  expiresAt: Date;
}

/** What a guest gets for a link: access to one booking. */
export interface GuestGrant extends AccessGrant {
  booking: { id: string };
}

/** Links in messages that open one booking: 256 random bits, of which only the hash is kept. */
@Injectable()
export class ManageLinks {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
    private readonly config: Config,
  ) {}

  /** A new token in the caller's transaction; made when a message is rendered or a guest books, and shown only there. */
  async mint(em: EntityManager, subject: LinkSubject): Promise<string> {
    const { token, stored } = this.cut(subject);
    await runAll(em, [stored]);
    return token;
  }

  /** A new token that opens nothing before its statement has run. */
  cut({ bookingId, customerId, expiresAt }: LinkSubject): { token: string; stored: Bound } {
    const { token, tokenHash } = newManageLink();
    const values = [newId(), bookingId, customerId, tokenHash, expiresAt];
    return { token, stored: { statement: LINK_ADD, values } };
  }

  /** Ends every link to the booking and every session that came from one. */
  async revokeAll(em: EntityManager, bookingId: string): Promise<void> {
    await run(em, LINK_REVOKE, [bookingId]);
  }

  /** The address to send. The token stands in the fragment, which no server, log or Referer ever sees. */
  urlFor(token: string): string {
    return `${this.config.publicUrl}/manage#${token}`;
  }

  /** Trades a token for a guest's session of at most an hour; unknown, expired and revoked tokens are all `NotFound`. */
  async exchange(token: string): Promise<GuestGrant> {
    return this.database.transact(MANAGE_LINK, async (em) => {
      const [link] = await run<{ id: string; booking_id: string }>(em, LINK_FIND, [hashOf(token)]);
      if (!link) throw new NotFound();
      const bookingId = link.booking_id;
      const session = await this.sessions.openForGuest(em, { id: link.id, bookingId }, GUEST_SESSION_MS);
      await this.audit.record(em, MANAGE_LINK, {
        action: 'manage-link.exchanged',
        subjectKind: 'booking',
        subjectId: bookingId,
      });
      return { ...(await this.sessions.grant(em, session.id)), booking: { id: bookingId } };
    });
  }
}
