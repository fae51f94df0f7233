import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { SIGN_IN, type CustomerActor } from '../common/actor.js';
import { FieldRefused, NotFound, StepUpRequired } from '../common/domain-error.js';
import { AuditLog } from '../audit/audit.service.js';
import { Customer } from '../customers/entities/customer.entity.js';
import { VerifiedContacts } from '../customers/verified-contacts.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { CodeRefused } from './auth.errors.js';
import { SESSION_PROVEN, SESSIONS_REVOKE_OTHERS } from './auth.sql.js';
import { contactChanged, contactJoined } from './codes.events.js';
import type { CodeChannel } from './entities/one-time-code.entity.js';
import { OneTimeCodes, type Challenge } from './one-time-codes.service.js';

/** What a signed-in customer told: the challenge, and the digits that came. */
export interface ToldCode {
  readonly challengeId: string;
  readonly code: string;
}

/** A customer proves again, in their own session, that a contact is theirs: an old one, or a new one that shall take its place. */
@Injectable()
export class StepUp {
  constructor(
    private readonly database: Database,
    private readonly codes: OneTimeCodes,
    private readonly contacts: VerifiedContacts,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  /** Promises a code to a contact that the customer has proven before. */
  async ask(actor: CustomerActor, channel: CodeChannel, ip: string): Promise<Challenge> {
    return this.database.transact(actor, async (em) => {
      const contact = provenContact(await this.customerOf(em, actor), channel);
      if (contact === null) throw new FieldRefused('/channel', 'unknown', 'is none that you have proven');
      return this.codes.ask(em, { purpose: 'step-up', channel, contact, ip, sessionId: actor.sessionId });
    });
  }

  /** From now on the session may do what leaves no way back, for ten minutes. */
  async prove(actor: CustomerActor, told: ToldCode): Promise<void> {
    const proof = await this.codes.prove(told, 'step-up', actor.sessionId);
    const isDone =
      proof !== null &&
      (await this.database.transact(actor, async (em) => {
        const customer = await this.customerOf(em, actor);
        if (provenContact(customer, proof.channel) !== proof.contact) return false;
        if (!(await this.codes.use(em, proof))) return false;
        const showsAll = proof.channel === 'email' && customer.isKnownByEmail();
        await run(em, SESSION_PROVEN, [actor.sessionId, showsAll]);
        await this.audited(em, actor, 'session.stepped-up', proof.channel);
        return true;
      }));
    if (!isDone) await this.refuse(actor);
  }

  /** Promises a code to a contact that shall become the customer's; nothing changes before it is told. */
  async askForContact(
    actor: CustomerActor,
    channel: CodeChannel,
    contact: string,
    ip: string,
  ): Promise<Challenge> {
    return this.database.transact(actor, async (em) => {
      const customer = await this.customerOf(em, actor);
      // Whoever got a number that was somebody's must not take over the rest of them.
      const mayBeAnother = actor.historyFrom !== null && customer.isKnownByEmail();
      if (!actor.isFresh || mayBeAnother) throw new StepUpRequired();
      const replaces = (channel === 'sms' ? customer.phone : customer.email) ?? null;
      const { sessionId } = actor;
      return this.codes.ask(em, { purpose: 'contact', channel, contact, ip, sessionId, replaces });
    });
  }

  /** The new contact takes its place; other sessions end, the old contact is told, and what guests booked with it comes along. */
  async proveContact(actor: CustomerActor, told: ToldCode): Promise<void> {
    const proof = await this.codes.prove(told, 'contact', actor.sessionId);
    const isDone =
      proof !== null &&
      (await this.database.transact(SIGN_IN, async (em, now) => {
        if (!(await this.codes.use(em, proof))) return false;
        const { joined } = await this.contacts.giveTo(em, actor.customerId, proof, now);
        await run(em, SESSIONS_REVOKE_OTHERS, [actor.customerId, actor.sessionId]);
        await this.outbox.add(em, ...joined.map(contactJoined));
        const isReplaced = proof.replaces !== null && proof.replaces !== proof.contact;
        if (isReplaced) await this.outbox.add(em, contactChanged(proof.challengeId, actor.customerId));
        await this.audited(em, actor, 'customer.contact-changed', proof.channel);
        return true;
      }));
    if (!isDone) await this.refuse(actor);
  }

  private async customerOf(em: EntityManager, { customerId }: CustomerActor): Promise<Customer> {
    const customer = await em.findOne(Customer, { id: customerId, erasedAt: null });
    if (!customer) throw new NotFound();
    return customer;
  }

  private async audited(
    em: EntityManager,
    actor: CustomerActor,
    action: string,
    channel: CodeChannel,
  ): Promise<void> {
    const { customerId: subjectId } = actor;
    await this.audit.record(em, actor, { action, subjectKind: 'customer', subjectId, details: { channel } });
  }

  private async refuse(actor: CustomerActor): Promise<never> {
    const { customerId: subjectId } = actor;
    await this.audit.recordApart(actor, { action: 'code.refused', subjectKind: 'customer', subjectId });
    throw new CodeRefused('code-wrong');
  }
}

/** The contact of that kind which the customer has proven, if there is one. */
function provenContact(customer: Customer, channel: CodeChannel): string | null {
  const { phone, phoneVerifiedAt, email, emailVerifiedAt } = customer;
  if (channel === 'sms') return phoneVerifiedAt ? (phone ?? null) : null;
  return emailVerifiedAt ? (email ?? null) : null;
}
