import { Injectable } from '@nestjs/common';
import { SIGN_IN } from '../common/actor.js';
import { AuditLog } from '../audit/audit.service.js';
import { VerifiedContacts } from '../customers/verified-contacts.service.js';
import { Database } from '../database/database.service.js';
import { Outbox } from '../outbox/outbox.service.js';
import { CodeRefused } from './auth.errors.js';
import { contactJoined, contactVerified } from './codes.events.js';
import type { CodeChannel } from './entities/one-time-code.entity.js';
import { OneTimeCodes, type Challenge, type ProvenContact } from './one-time-codes.service.js';
import { RefreshTokens, type RefreshedGrant } from './refresh-tokens.js';
import { Sessions } from './sessions.service.js';

/** A customer who has just signed in. */
export interface CustomerGrant extends RefreshedGrant {
  customer: { id: string };
}

/** Customers have no password: who tells the code that was sent to a contact is whoever holds that contact. */
@Injectable()
export class CustomerSignIn {
  constructor(
    private readonly database: Database,
    private readonly codes: OneTimeCodes,
    private readonly contacts: VerifiedContacts,
    private readonly sessions: Sessions,
    private readonly refreshTokens: RefreshTokens,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  /** Promises a code; whether anybody is known by the contact is neither asked nor told. */
  async askForCode(channel: CodeChannel, contact: string, ip: string): Promise<Challenge> {
    return this.database.transact(SIGN_IN, (em) =>
      this.codes.ask(em, { purpose: 'sign-in', channel, contact, ip, sessionId: null }),
    );
  }

  /** Opens a new session of whoever holds the contact, a new customer's if need be; `CodeRefused` says nothing about why. */
  async withCode(told: { challengeId: string; code: string; name: string | null }): Promise<CustomerGrant> {
    const proof = await this.codes.prove(told, 'sign-in', null);
    const grant = proof && (await this.open(proof, told.name));
    if (grant) return grant;
    await this.audit.recordApart(SIGN_IN, { action: 'sign-in.failed', subjectKind: 'customer' });
    throw new CodeRefused('sign-in-failed');
  }

  private async open(proof: ProvenContact, name: string | null): Promise<CustomerGrant | null> {
    return this.database.transact(SIGN_IN, async (em, now) => {
      if (!(await this.codes.use(em, proof))) return null;
      const { customer, isNew, joined } = await this.contacts.holderOf(em, proof, now, name);
      const historyFrom = proof.channel === 'sms' ? (customer.phoneHeldSince ?? null) : null;
      const session = await this.sessions.openForCustomer(em, customer.id, historyFrom);
      const refreshToken = await this.refreshTokens.issue(em, session.id);
      await this.outbox.add(em, ...joined.map(contactJoined));
      if (isNew) await this.outbox.add(em, contactVerified(customer.id, proof.channel));
      await this.audit.record(em, SIGN_IN, {
        action: 'sign-in.succeeded',
        subjectKind: 'customer',
        subjectId: customer.id,
        details: { channel: proof.channel, joined: joined.length },
      });
      const granted = await this.sessions.grant(em, session.id);
      return { ...granted, refreshToken, customer: { id: customer.id } };
    });
  }
}
