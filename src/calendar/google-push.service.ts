import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import { WEBHOOK } from '../common/actor.js';
import { isUuid } from '../common/ids.js';
import { Secrets } from '../config/secrets.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { CalendarPushRefused } from './calendar.errors.js';
import { calendarSync } from './calendar.events.js';
import { CALENDAR_OF_CHANNEL } from './calendar-watch.sql.js';

/** What Google says of itself when it tells that something changed. */
export interface Push {
  channelId: string;
  token: string;
  resourceId: string;
  state: string;
}

interface CalendarOfChannel {
  id: string;
  is_ordered: boolean;
}

/** Takes in that a calendar changed: who says so is checked, then the calendar is read. */
@Injectable()
export class GooglePushes {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
    private readonly audit: AuditLog,
  ) {}

  /** Known to Google and to us alone; made of the channel's id, so that it need not be kept. */
  tokenOf(channelId: string): string {
    return this.secrets.hmac('google-channel', channelId);
  }

  /** Throws CalendarPushRefused and leaves a line in the audit log, nothing else. */
  async take({ channelId, token, resourceId, state }: Push): Promise<void> {
    if (isUuid(channelId) && this.isOurs(channelId, token)) {
      const isKnown = await this.database.transact(WEBHOOK, async (em) => {
        const [calendar] = await run<CalendarOfChannel>(em, CALENDAR_OF_CHANNEL, [channelId, resourceId]);
        // The first push only says that the channel is open; a reading that has not begun will see this change as well.
        const isNews = calendar && state !== 'sync' && !calendar.is_ordered;
        if (isNews) await this.outbox.add(em, calendarSync(calendar.id));
        return calendar !== undefined;
      });
      if (isKnown) return;
    }
    await this.audit.recordApart(WEBHOOK, { action: 'webhook.refused', details: { provider: 'google' } });
    throw new CalendarPushRefused();
  }

  private isOurs(channelId: string, token: string): boolean {
    const [given, expected] = [Buffer.from(token), Buffer.from(this.tokenOf(channelId))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
