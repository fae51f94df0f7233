import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BusinessService } from '../business/business.service.js';
import { WORKER } from '../common/actor.js';
import { failpoint } from '../common/failpoint.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { ExternalBusyTimes } from '../scheduling/external-busy.service.js';
import { CalendarAccounts, type CalendarRow } from './calendar-accounts.service.js';
import { LINK_DOUBT } from './calendar.sql.js';
import { calendarConflict, calendarLook, calendarReconcile } from './calendar.events.js';
import {
  CalendarFailure,
  CalendarGateway,
  type CalendarPlace,
  type Changes,
  type SeenEvent,
} from './calendar.gateway.js';
import {
  CALENDAR_TO_READ,
  CONFLICT_LATEST,
  CONFLICT_OPEN,
  LINKS_OF_EVENTS,
  LINKS_UNSEEN,
  OVERLAPS_GONE,
  SYNC_ADVANCE,
  SYNC_FORGET,
} from './calendar-sync.sql.js';
import { eventIdOf } from './rules/desired-event.js';

/** How far back a whole reading goes, in ms of app time: what is over blocks nobody. */
const LOOK_BACK_MS = 24 * 3_600_000;

interface ReadableRow extends CalendarRow {
  sync_token: string | null;
  generation: number;
  started: string;
}

interface LinkRow {
  event_id: string;
  booking_id: string;
  suppressed: boolean;
  /** Null while it is being written, or not known. */
  hash: string | null;
  shown: boolean;
  ahead: boolean;
}

/** How a reading ended. `waiting`: there is nobody to read it with. */
export type Synced = 'read' | 'waiting' | 'paused';

/**
 * Reads what changed in a calendar. First every page is fetched, then one transaction applies them and keeps the token for the next
 * reading, so that a crash in between loses nothing and repeats everything. Of foreign events the time alone is read.
 */
@Injectable()
export class CalendarSync {
  constructor(
    private readonly database: Database,
    private readonly gateway: CalendarGateway,
    private readonly accounts: CalendarAccounts,
    private readonly busyTimes: ExternalBusyTimes,
    private readonly business: BusinessService,
    private readonly outbox: Outbox,
  ) {}

  /** Rejects with CalendarFailure. */
  async sync(calendarId: string): Promise<Synced> {
    const begun = await this.database.transact(WORKER, async (em, now) => {
      const [row] = await run<ReadableRow>(em, CALENDAR_TO_READ, [calendarId]);
      return row && { row, now, timeZone: (await this.business.get(em)).timeZone };
    });
    const place = begun ? this.accounts.placeOf(begun.row) : null;
    if (!begun || !place) return 'waiting';
    const { row, now, timeZone } = begun;
    if (row.paused) return 'paused';
    const from = new Date(now.getTime() - LOOK_BACK_MS);
    const changes = await this.fetch(place, row, { from, timeZone });
    failpoint('calendar.before-apply');
    await this.database.transact(WORKER, (em) => this.apply(em, row, changes));
    await this.accounts.succeeded(row);
    return 'read';
  }

  /** From the token on; from the beginning where there is none, or Google knows it no longer. */
  private async fetch(
    place: CalendarPlace,
    row: ReadableRow,
    whole: { from: Date; timeZone: string },
  ): Promise<Changes & { since: string | null }> {
    try {
      return { ...(await this.gateway.changes(place, row.sync_token, whole)), since: row.sync_token };
    } catch (error) {
      if (!(error instanceof CalendarFailure)) throw error;
      if (error.httpStatus !== 410 || row.sync_token === null) {
        await this.accounts.failed(row, error);
        throw error;
      }
      await this.database.transact(WORKER, (em) => run(em, SYNC_FORGET, [row.id, row.sync_token]));
      return { ...(await this.gateway.changes(place, null, whole)), since: null };
    }
  }

  private async apply(
    em: EntityManager,
    row: ReadableRow,
    { events, syncToken, since }: Changes & { since: string | null },
  ): Promise<void> {
    const isWhole = since === null;
    const [advanced] = await run<{ generation: number }>(em, SYNC_ADVANCE, [
      row.id,
      since,
      syncToken,
      isWhole,
    ]);
    if (!advanced) return;
    const ids = events.map(({ id }) => id);
    const links = await run<LinkRow>(em, LINKS_OF_EVENTS, [row.id, ids]);
    const ours = new Map(links.map((link) => [link.event_id, link]));
    const isForeign = (event: SeenEvent) => event.bookingId === null && !ours.has(event.id);
    const busy = events.flatMap(({ id: eventId, etag, during, takesTime, ...event }) =>
      takesTime && during && isForeign({ id: eventId, etag, during, takesTime, ...event })
        ? [{ eventId, etag, ...during }]
        : [],
    );
    const taken = new Set(busy.map(({ eventId }) => eventId));
    const free = ids.filter((id) => !taken.has(id));
    const under = await this.busyTimes.apply(em, row.id, {
      busy,
      free,
      isWhole,
      generation: advanced.generation,
    });
    for (const { id, starts_at, ends_at } of under) {
      await run(em, CONFLICT_OPEN, [newId(), id, row.id, 'overlap', starts_at, ends_at, null]);
      const [card] = await run<{ id: string }>(em, CONFLICT_LATEST, [id, 'overlap']);
      if (card) await this.outbox.add(em, calendarConflict(id, card.id));
    }
    await run(em, OVERLAPS_GONE, [row.id]);
    await this.lookAtOurs(em, row, { events, ours, isWhole });
  }

  /** Whatever of ours seems to have been dragged or deleted is looked at by itself: how it stands then decides. */
  private async lookAtOurs(
    em: EntityManager,
    { id: calendarId, started }: ReadableRow,
    {
      events,
      ours,
      isWhole,
    }: { events: readonly SeenEvent[]; ours: ReadonlyMap<string, LinkRow>; isWhole: boolean },
  ): Promise<void> {
    const dragged: string[] = [];
    const deleted: string[] = [];
    // Written by somebody who was too slow: for what the booking was before, or where it is no more.
    const overtaken: string[] = [];
    for (const event of events) {
      const link = ours.get(event.id);
      if (!link && event.bookingId && !event.isCancelled) overtaken.push(event.bookingId);
      if (!link || link.suppressed || !link.shown) continue;
      if (event.isCancelled) {
        if (link.ahead) deleted.push(link.booking_id);
      } else if (isDragged(event)) dragged.push(link.booking_id);
      else if (link.hash !== null && link.hash !== event.hash) overtaken.push(link.booking_id);
    }
    if (isWhole) {
      const seen = events.map(({ id }) => id);
      const unseen = await run<{ booking_id: string }>(em, LINKS_UNSEEN, [calendarId, seen, started]);
      deleted.push(...unseen.map(({ booking_id }) => booking_id));
    }
    for (const bookingId of deleted)
      await run(em, CONFLICT_OPEN, [newId(), bookingId, calendarId, 'deleted', null, null, null]);
    for (const bookingId of overtaken)
      await run(em, LINK_DOUBT, [bookingId, calendarId, eventIdOf(bookingId)]);
    await this.outbox.add(em, ...overtaken.map((bookingId) => calendarReconcile(bookingId)));
    await this.outbox.add(
      em,
      ...[...dragged, ...deleted].map((bookingId) => calendarLook(bookingId, calendarId)),
    );
  }
}

/** It stands where we did not write it. */
function isDragged({ during, written }: SeenEvent): boolean {
  if (!during || !written) return true;
  return during.start.getTime() !== written.start.getTime() || during.end.getTime() !== written.end.getTime();
}
