import { Injectable } from '@nestjs/common';
import { FieldRefused, NotFound } from '../common/domain-error.js';
import { present } from '../common/ids.js';
import { formatMinute } from '../common/time/format.js';
import { addDays, daysBetween } from '../common/time/local-date.js';
import { dayMinutes, localDateOf, minuteOf } from '../common/time/zoned-time.js';
import { Database } from '../database/database.service.js';
import { BUSY } from './busy.sql.js';
import { pushPairs, type Busy } from './busy.types.js';
import { hoursOf } from './salon.js';
import type { Offer, OfferedService, Salon } from './salon.types.js';
import { SalonCache } from './salon-cache.service.js';
import { ServiceStaffMismatch, type Alternative } from './scheduling.errors.js';
import { alternatives } from './slots/alternatives.js';
import { findSlots } from './slots/find-slots.js';
import type { SlotDay, SlotRules } from './slots/slots.types.js';

/** What somebody wants to know; dates are local to `timeZone`, both included. */
export interface SlotQuestion {
  serviceId: string;
  staffId: string | null;
  /** Anybody will do when that person does not offer the service any more. */
  orAnybody?: boolean;
  from: string;
  to: string;
  timeZone: string | null;
  /** Staff see beyond notice and horizon. */
  asStaff: boolean;
  excludeBookingId: string | null;
}

/** The free slots, and what they were computed from. */
export interface SlotAnswer {
  days: SlotDay[];
  timeZone: string;
  generatedAt: Date;
  /** When the stalest calendar outside was read; null where none is connected, or one never was. Real time. */
  calendarSyncedAt: Date | null;
  offered: OfferedService;
  salon: Salon;
}

/** Longest visit with its buffers: how far beyond the dates busy time matters, in minutes. */
const MARGIN = 24 * 60;
const ALTERNATIVE_DAYS = 7;
/** A longer range would be a cheap question with a dear answer. */
const MOST_DAYS = 62;

/** Answers who is free when; advisory, since only the constraint decides when it comes to booking. */
@Injectable()
export class SlotSearch {
  constructor(
    private readonly database: Database,
    private readonly cache: SalonCache,
  ) {}

  /** Refuses a range that is turned around or longer than 62 days, whoever asks. */
  async find(question: SlotQuestion): Promise<SlotAnswer> {
    refuseLongRange(question);
    for (let salon = await this.cache.get(); ;) {
      const asked = { ...question, staffId: personOf(question, salon) };
      const busy = await this.busyFor(asked, salon);
      if (busy.revision === salon.revision) return answer(asked, salon, busy);
      salon = await this.cache.get(busy.revision);
    }
  }

  /** Up to three free times nearest to the wanted one, within a week around it. */
  async alternativesTo(
    serviceId: string,
    staffId: string | null,
    start: Date,
    excludeBookingId: string | null = null,
  ): Promise<Alternative[]> {
    const { zone, from, to } = await this.around(start);
    const { days } = await this.find({
      serviceId,
      staffId,
      from,
      to,
      timeZone: zone,
      asStaff: false,
      excludeBookingId,
    });
    return alternatives(days, minuteOf(start)).map((slot) => ({
      start: formatMinute(slot.start, zone),
      staffIds: slot.staffIds,
    }));
  }

  private async around(start: Date) {
    const { business } = await this.cache.get();
    const date = localDateOf(start, business.timeZone);
    return { zone: business.timeZone, from: addDays(date, -1), to: addDays(date, ALTERNATIVE_DAYS - 2) };
  }

  private async busyFor(question: SlotQuestion, salon: Salon): Promise<BusyAround> {
    const zone = question.timeZone ?? salon.business.timeZone;
    const ids = peopleAsked(question, salon);
    const [from, to] = [
      dayMinutes(question.from, zone).start - MARGIN,
      dayMinutes(question.to, zone).end + MARGIN,
    ];
    const rows = await this.database.readPublic<Busy>(BUSY, [
      ids.length > 0 ? ids : [NOBODY],
      from,
      to,
      question.excludeBookingId,
    ]);
    const first = present(rows[0], 'the row of the salon');
    return {
      rows,
      revision: first.revision,
      now: new Date(first.real_ms + first.offset_ms),
      syncedAt: first.synced_ms ? new Date(first.synced_ms) : null,
    };
  }
}

interface BusyAround {
  rows: Busy[];
  revision: number;
  now: Date;
  syncedAt: Date | null;
}

function answer(question: SlotQuestion, salon: Salon, busy: BusyAround): SlotAnswer {
  const offered = salon.services.get(question.serviceId);
  if (!offered || (!offered.service.active && question.excludeBookingId === null)) throw new NotFound();
  const timeZone = question.timeZone ?? salon.business.timeZone;
  const rules = rulesFor(
    salon,
    offered,
    offersFor(offered, question.staffId),
    busy.rows,
    busy.now,
    question.asStaff,
  );
  const days = findSlots({ ...rules, displayZone: timeZone, from: question.from, to: question.to });
  return { days, timeZone, generatedAt: busy.now, calendarSyncedAt: busy.syncedAt, offered, salon };
}

function refuseLongRange({ from, to }: SlotQuestion): void {
  const days = daysBetween(from, to);
  if (days >= 0 && days < MOST_DAYS) return;
  const detail = `must not lie before from, and both together span at most ${MOST_DAYS} days`;
  throw new FieldRefused('/to', 'range', detail);
}

/** Stands in where nobody offers a service, so that the revision is read all the same. */
const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Who is really asked for: the one wished for, or anybody where that will do. */
export function personOf(
  wish: Pick<SlotQuestion, 'serviceId' | 'staffId' | 'orAnybody'>,
  salon: Salon,
): string | null {
  const offers = salon.services.get(wish.serviceId)?.offers ?? [];
  const isOffered = offers.some((offer) => offer.resourceId === wish.staffId);
  return wish.orAnybody && !isOffered ? null : wish.staffId;
}

/** The ids of those who offer it and are wished for, as far as this salon knows; it may be out of date. */
export function peopleAsked(wish: Pick<SlotQuestion, 'serviceId' | 'staffId'>, salon: Salon): string[] {
  const offers = salon.services.get(wish.serviceId)?.offers ?? [];
  return offers.map((offer) => offer.resourceId).filter((id) => wish.staffId === null || id === wish.staffId);
}

/** Who may be asked: everybody who offers it, or the one wished for. Only for a salon that is known to be the latest. */
export function offersFor(offered: OfferedService, staffId: string | null): readonly Offer[] {
  if (staffId === null) return offered.offers;
  const wished = offered.offers.filter((offer) => offer.resourceId === staffId);
  if (wished.length === 0) throw new ServiceStaffMismatch();
  return wished;
}

/** The rules of the slot engine for one service, some people and their busy time. Staff are held to neither notice nor horizon. */
export function rulesFor(
  salon: Salon,
  { service }: OfferedService,
  offers: readonly Offer[],
  busy: readonly Busy[],
  now: Date,
  asStaff: boolean,
): SlotRules {
  const taken = new Map(busy.map((row) => [row.id, row]));
  return {
    zone: salon.business.timeZone,
    now,
    service,
    businessHours: salon.businessHours,
    noticeMinutes: asStaff ? 0 : salon.business.minNoticeMinutes,
    horizonDays: asStaff ? null : salon.business.horizonDays,
    bufferMayExceedHours: salon.business.bufferMayExceedHours,
    candidates: offers.map((offer) => ({
      staffId: offer.resourceId,
      hours: hoursOf(salon, offer.resourceId),
      durationMinutes: offer.durationMinutes,
      ...takenBy(taken.get(offer.resourceId)),
    })),
  };
}

function takenBy(row: Busy | undefined): { busy: number[]; booked: number[] } {
  const booked: number[] = [];
  if (!row) return { busy: booked, booked };
  pushPairs(booked, row.booked_starts, row.booked_ends);
  if (!row.off_starts) return { busy: booked, booked };
  const busy = [...booked];
  pushPairs(busy, row.off_starts, row.off_ends);
  return { busy, booked };
}
