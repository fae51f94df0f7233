import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BusinessService } from '../business/business.service.js';
import { CALENDAR_TOPICS } from '../calendar/calendar.events.js';
import { WORKER } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { HandlesOutbox, Hopeless, type Effect, type OutboxHandler } from '../outbox/outbox.types.js';
import { MessageFacts } from './message-facts.service.js';
import { MessageWriter, type NewMessage } from './message-writer.service.js';
import { DEDUPE } from './rules/dedupe-keys.js';

const NOTICE_LIVES_MS = 24 * 3_600_000;
/** The salon's own telephone is nobody's account. */
const THE_SALON = 'salon';

type Notice = Pick<NewMessage, 'family' | 'channel' | 'to' | 'bookingId' | 'dedupeKey'>;

/** Tells the salon of its calendars: an account is at its end, or calendar and bookings disagree and a person has to decide. */
@Injectable()
@HandlesOutbox({ name: 'messaging.calendar', topics: CALENDAR_TOPICS })
export class CalendarNoticeHandler implements OutboxHandler {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly facts: MessageFacts,
    private readonly writer: MessageWriter,
  ) {}

  async handle(effect: Effect): Promise<void> {
    await this.database.transact(WORKER, async (em, now) => {
      const notices = await this.noticesOf(em, effect);
      const times = { dueAt: now, expiresAt: new Date(now.getTime() + NOTICE_LIVES_MS) };
      const about = { customerId: null, class: 'staff', revision: 1 } as const;
      await this.writer.write(
        em,
        notices.map((notice) => ({ ...about, ...times, ...notice })),
      );
      await effect.settle(em);
    });
  }

  private async noticesOf(em: EntityManager, { id, topic, payload }: Effect): Promise<Notice[]> {
    const managers = await this.facts.managers(em);
    const { bookingId } = payload;
    if (topic === 'calendar.broken') {
      const { phone } = await this.business.get(em);
      const family = 'staff_calendar_broken';
      const text = { family, channel: 'sms', bookingId: null } as const;
      return [
        ...managers.map(({ accountId, email: to }) => ({
          ...({ family, channel: 'email', bookingId: null } as const),
          ...{ to, dedupeKey: DEDUPE.staff(accountId, id) },
        })),
        ...(phone ? [{ ...text, to: phone, dedupeKey: DEDUPE.staff(THE_SALON, id) }] : []),
      ];
    }
    if (!isUuid(bookingId)) throw new Hopeless('a conflict about no booking');
    return managers.map(({ accountId, email: to }) => ({
      ...({ family: 'staff_calendar_conflict', channel: 'email' } as const),
      ...{ to, bookingId, dedupeKey: DEDUPE.staff(accountId, id) },
    }));
  }
}
