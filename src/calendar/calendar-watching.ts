import { Injectable } from '@nestjs/common';
import { WORKER } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { CalendarAccounts, type CalendarRow } from './calendar-accounts.service.js';
import { calendarSync } from './calendar.events.js';
import { CalendarFailure, CalendarGateway, type CalendarPlace } from './calendar.gateway.js';
import { SYNC_DUE } from './calendar-sync.sql.js';
import { CHANNEL_LATER, CHANNEL_SET, WATCH_DUE } from './calendar-watch.sql.js';
import { GooglePushes } from './google-push.service.js';

const POLL_EVERY_MS = 20_000;
const WATCH_EVERY_MS = 60_000;
/** Pushes may be lost; where none can arrive, looking is all there is. */
const OLDEST_WITH_PUSH_S = 600;
const OLDEST_WITHOUT_S = 120;

interface WatchRow extends CalendarRow {
  channel_id: string | null;
  channel_resource_id: string | null;
}

/** Sees to it that changes are heard of: a channel for each calendar, renewed in time, and a look where none was heard for long. */
@Injectable()
export class CalendarWatching {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly gateway: CalendarGateway,
    private readonly accounts: CalendarAccounts,
    private readonly pushes: GooglePushes,
    private readonly outbox: Outbox,
    recurring: RecurringWork,
  ) {
    recurring.every(POLL_EVERY_MS, 'calendar-poll', () => this.poll());
    recurring.every(WATCH_EVERY_MS, 'calendar-watch', () => this.watch());
  }

  /** Has every calendar read that was not for too long. */
  async poll(): Promise<void> {
    if (this.config.google.mode === 'unconfigured') return;
    const oldest = this.canBeTold() ? OLDEST_WITH_PUSH_S : OLDEST_WITHOUT_S;
    await this.database.transact(WORKER, async (em) => {
      const due = await run<{ id: string }>(em, SYNC_DUE, [oldest]);
      await this.outbox.add(em, ...due.map(({ id }) => calendarSync(id)));
    });
  }

  /** Opens the channels that are missing or near their end; the old one is closed after the new one stands. */
  async watch(): Promise<void> {
    if (!this.canBeTold()) return;
    const due = await this.database.transact(WORKER, (em) => run<WatchRow>(em, WATCH_DUE));
    for (const row of due) {
      const place = this.accounts.placeOf(row);
      if (place) await this.renew(place, row);
    }
  }

  private async renew(place: CalendarPlace, row: WatchRow): Promise<void> {
    const channelId = newId();
    try {
      const address = `${this.config.publicUrl}/webhooks/google/calendar`;
      const channel = await this.gateway.watch(place, {
        channelId,
        address,
        token: this.pushes.tokenOf(channelId),
      });
      const values = [row.id, row.channel_id, channelId, channel.resourceId, channel.expiresAt];
      const [kept] = await this.database.transact(WORKER, (em) => run(em, CHANNEL_SET, values));
      const over = kept ? row.channel_id : channelId;
      const resourceId = kept ? row.channel_resource_id : channel.resourceId;
      // One too many tells twice, which does no harm.
      if (over && resourceId)
        await this.gateway.unwatch(place, { channelId: over, resourceId }).catch(ignored);
    } catch (error) {
      if (!(error instanceof CalendarFailure)) throw error;
      await this.accounts.failed(row, error);
      await this.database.transact(WORKER, (em) => run(em, CHANNEL_LATER, [row.id]));
    }
  }

  /** Google calls nothing but https; the sandbox is on this machine. */
  private canBeTold(): boolean {
    const { mode } = this.config.google;
    return mode === 'sandbox' || (mode === 'live' && this.config.publicUrl.startsWith('https://'));
  }
}

function ignored(error: unknown): void {
  if (!(error instanceof CalendarFailure)) throw error;
}
