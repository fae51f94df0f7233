import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BookingEvent } from '../bookings/entities/booking-event.entity.js';
import { BusinessService } from '../business/business.service.js';
import { BOOT, WORKER } from '../common/actor.js';
import { CalledAfterRestore, type Restoration } from '../common/restoration.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { ChannelRegistry } from './channel.registry.js';
import { Message } from './entities/message.entity.js';
import type { Subject } from './message-facts.service.js';
import { KNOWN_PROVIDER_IDS } from './messaging.sql.js';
import type { DoubtedMessage, Ticket } from './pipeline.types.js';

const HELD_BACK = 'Held back: it may have been sent after the backup that was restored.';
/** Providers and calendars are read again within minutes of a start; what the database learns from them it may have told before. */
const FINDS_AGAIN_FOR_MS = 60 * 60_000;
/** Clocks of two machines differ. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
const PEOPLE = ['customer', 'guest', 'staff'];

/**
 * A backup does not know what was sent after it. After a restore a message that may be such a one goes out when its provider
 * has sent the recipient nothing that the backup does not know; else, and where no provider can be asked, a person decides.
 */
@CalledAfterRestore()
@Injectable()
export class MessageQuarantine implements Restoration {
  readonly order = 2;

  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly channels: ChannelRegistry,
  ) {}

  async afterRestore(backedUpAt: Date): Promise<string[]> {
    await this.database.transact(BOOT, (em) => this.business.noteRestoration(em, backedUpAt));
    return [
      'Texts that may have been sent since go out if their recipients got none that the backup does not know, as Twilio says.',
      'The other messages that may have been sent wait for a person at GET /admin/outbox?state=dead.',
    ];
  }

  /** Null where nobody doubts that it was not sent yet, or a person has seen the doubt. */
  async doubt(em: EntityManager, message: Message, subject: Subject): Promise<DoubtedMessage | null> {
    const { restoredAt, backedUpAt } = subject.business;
    if (!restoredAt || !backedUpAt || (message.flaggedAt && message.flaggedAt >= restoredAt)) return null;
    if (message.dueAt > restoredAt && !(await this.isFoundAgain(em, message, subject, restoredAt)))
      return null;
    const { id: messageId, channel, toAddress: to } = message;
    return { messageId, channel, to, since: new Date(backedUpAt.getTime() - CLOCKS_DIFFER_MS) };
  }

  /** True when nothing was sent, false when it was held back, which ends the ticket. */
  async resolve({ messageId, channel, to, since }: DoubtedMessage, ticket: Ticket): Promise<boolean> {
    const sent = await this.channels
      .of(channel)
      .listSince(to, since)
      .catch(() => null);
    return this.database.transact(WORKER, async (em, now) => {
      const ids = sent?.map(({ providerId }) => providerId) ?? null;
      if (ids !== null && (await run(em, KNOWN_PROVIDER_IDS, [ids])).length === ids.length) return true;
      (await em.findOneOrFail(Message, messageId)).flag(now, HELD_BACK);
      await ticket.giveUp(em, HELD_BACK);
      return false;
    });
  }

  /** Whether it tells of something older than the restore of which the database heard only now, and not from people here. */
  private async isFoundAgain(
    em: EntityManager,
    message: Message,
    { booking, customer }: Subject,
    restoredAt: Date,
  ): Promise<boolean> {
    const about = booking ?? customer;
    if (!message.automatic || message.family === 'one_time_code' || !about) return false;
    const afterMs = message.createdAt.getTime() - restoredAt.getTime();
    if (afterMs < 0 || afterMs >= FINDS_AGAIN_FOR_MS || about.createdAt > restoredAt) return false;
    return !(booking && (await this.wasTouchedSince(em, booking.id, restoredAt)));
  }

  private async wasTouchedSince(em: EntityManager, bookingId: string, since: Date): Promise<boolean> {
    const touched = { bookingId, at: { $gt: since }, actorKind: { $in: PEOPLE } };
    return (await em.count(BookingEvent, touched)) > 0;
  }
}
