import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { run } from '../database/statement.js';
import {
  BOOKINGS_UNDER,
  BUSY_DROP,
  BUSY_PUT,
  BUSY_SWEEP,
  RESOURCES_OF_SOURCE,
  SOURCE_ADD,
  SOURCE_REMOVE,
  SOURCE_SYNCED,
} from './external-busy.sql.js';
import { lockResourcesExclusively } from './resource-locks.js';

/** Time that is taken elsewhere; when and under which id, never what for. */
export interface BusyElsewhere {
  readonly eventId: string;
  readonly etag: string;
  readonly start: Date;
  readonly end: Date;
}

/** What one reading of a source found: new and changed times, those that are free again, and whether it read all there is. */
export interface BusyReading {
  readonly busy: readonly BusyElsewhere[];
  readonly free: readonly string[];
  readonly isWhole: boolean;
  /** Counted up by every whole reading. */
  readonly generation: number;
}

/** A booking that stands where its person is busy elsewhere. */
export interface BookingUnderBusy {
  readonly id: string;
  readonly event_id: string;
  readonly starts_at: string;
  readonly ends_at: string;
}

/** Time taken elsewhere, as sources outside tell it. Every method joins the caller's transaction. */
@Injectable()
export class ExternalBusyTimes {
  /** From now on slots heed a source; `resourceId` null: it tells of everybody's time. */
  async addSource(em: EntityManager, sourceId: string, resourceId: string | null): Promise<void> {
    await run(em, SOURCE_ADD, [sourceId, resourceId]);
  }

  /** What it told is forgotten. */
  async removeSource(em: EntityManager, sourceId: string): Promise<void> {
    await run(em, SOURCE_REMOVE, [sourceId]);
  }

  /** Applies a reading, under the locks that every claim of the people's time takes; answers the bookings that it lies over. */
  async apply(em: EntityManager, sourceId: string, reading: BusyReading): Promise<BookingUnderBusy[]> {
    const { busy, free, isWhole, generation } = reading;
    const people = await run<{ id: string }>(em, RESOURCES_OF_SOURCE, [sourceId]);
    if (busy.length > 0 || isWhole)
      await lockResourcesExclusively(
        em,
        people.map(({ id }) => id),
      );
    const rows = busy.map(({ eventId, etag, start, end }) => ({
      event_id: eventId,
      etag,
      starts_at: start.toISOString(),
      ends_at: end.toISOString(),
    }));
    if (rows.length > 0) await run(em, BUSY_PUT, [sourceId, JSON.stringify(rows), generation]);
    if (free.length > 0) await run(em, BUSY_DROP, [sourceId, free]);
    if (isWhole) await run(em, BUSY_SWEEP, [sourceId, generation]);
    await run(em, SOURCE_SYNCED, [sourceId]);
    return run<BookingUnderBusy>(em, BOOKINGS_UNDER, [sourceId, busy.map(({ eventId }) => eventId)]);
  }
}
