import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { OneTimeCode } from '../auth/entities/one-time-code.entity.js';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Customer } from '../customers/entities/customer.entity.js';
import { Database } from '../database/database.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { MessageWriter, type NewMessage } from './message-writer.service.js';
import { DEDUPE } from './rules/dedupe-keys.js';
import type { MessageChannel } from './text/families.js';

const NOTICE_LIVES_MS = 24 * 3_600_000;

type Notice = Pick<NewMessage, 'family' | 'channel' | 'to' | 'customerId' | 'dedupeKey'>;

/** Tells people what became of their contacts: a welcome to one that was proven, a notice to one that lost its place. */
@Injectable()
@HandlesOutbox({
  name: 'messaging.contact',
  topics: ['contact.changed', 'contact.joined', 'contact.verified', 'erasure.asked'],
})
export class ContactHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly writer: MessageWriter,
  ) {}

  async handle(effect: Effect): Promise<void> {
    await this.database.transact(WORKER, async (em, now) => {
      const times = { dueAt: now, expiresAt: new Date(now.getTime() + NOTICE_LIVES_MS) };
      const about = { bookingId: null, class: 'transactional', revision: 1 } as const;
      const notices = await this.noticesOf(em, effect);
      await this.writer.write(
        em,
        notices.map((notice) => ({ ...about, ...times, ...notice })),
      );
      await effect.settle(em);
    });
  }

  private async noticesOf(em: EntityManager, { topic, payload }: Effect): Promise<Notice[]> {
    if (topic === 'contact.changed') return this.changed(em, payload['codeId'], payload['customerId']);
    if (topic === 'contact.joined') return this.joined(em, payload['guestId']);
    if (topic === 'erasure.asked') return this.erasureAsked(em, payload['requestId'], payload['customerId']);
    return this.verified(em, payload['customerId'], payload['channel']);
  }

  /** To every contact: whoever did not ask has to hear of it while there is time. */
  private async erasureAsked(em: EntityManager, requestId: unknown, customerId: unknown): Promise<Notice[]> {
    if (!isUuid(requestId) || !isUuid(customerId))
      throw new Hopeless('a wish to be forgotten without a person');
    const customer = await em.findOne(Customer, { id: customerId, erasedAt: null });
    const contacts: readonly [MessageChannel, string | null | undefined][] = [
      ['sms', customer?.phone],
      ['email', customer?.email],
    ];
    return contacts.flatMap(([channel, to]) =>
      to
        ? [
            {
              family: 'erasure_asked',
              channel,
              to,
              customerId,
              dedupeKey: DEDUPE.erasureAsked(requestId, channel),
            },
          ]
        : [],
    );
  }

  /** To the contact that gave way: whoever holds it can still say that it was not them. */
  private async changed(em: EntityManager, codeId: unknown, customerId: unknown): Promise<Notice[]> {
    if (!isUuid(codeId) || !isUuid(customerId))
      throw new Hopeless('a change of a contact without its challenge');
    const code = await em.findOne(OneTimeCode, codeId);
    if (!code?.replaces) return [];
    const { channel, replaces: to } = code;
    return [{ family: 'contact_changed', channel, to, customerId, dedupeKey: DEDUPE.contactChanged(codeId) }];
  }

  /** To the guest's contact that nobody proved. It is nobody's message: whose the contact is, is not known. */
  private async joined(em: EntityManager, guestId: unknown): Promise<Notice[]> {
    if (!isUuid(guestId)) throw new Hopeless('a merge without a guest');
    const guest = await em.findOne(Customer, guestId);
    const keeper = guest?.mergedIntoId ? await em.findOne(Customer, guest.mergedIntoId) : null;
    if (!guest || !keeper) return [];
    const contacts: readonly [MessageChannel, string | null | undefined, string | null | undefined][] = [
      ['sms', guest.phone, keeper.phone],
      ['email', guest.email, keeper.email],
    ];
    return contacts.flatMap(([channel, to, known]) =>
      to && to !== known
        ? [
            {
              family: 'contact_joined',
              channel,
              to,
              customerId: null,
              dedupeKey: DEDUPE.contactJoined(guestId, channel),
            },
          ]
        : [],
    );
  }

  private async verified(em: EntityManager, customerId: unknown, channel: unknown): Promise<Notice[]> {
    if (!isUuid(customerId)) throw new Hopeless('a proven contact without a customer');
    const customer = await em.findOne(Customer, { id: customerId, erasedAt: null });
    const way = channel === 'sms' ? 'sms' : 'email';
    const to = way === 'sms' ? customer?.phone : customer?.email;
    if (!to) return [];
    return [{ family: 'welcome', channel: way, to, customerId, dedupeKey: DEDUPE.welcome(to, way) }];
  }
}
