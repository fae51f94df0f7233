import { Injectable } from '@nestjs/common';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BookingCalendarMark } from '../bookings/booking-calendar-mark.service.js';
import { Booking } from '../bookings/entities/booking.entity.js';
import { WORKER } from '../common/actor.js';
import { failpoint } from '../common/failpoint.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { CalendarAccounts, type CalendarRow } from './calendar-accounts.service.js';
import { CalendarFailure, CalendarGateway, type CalendarPlace, type EventTruth } from './calendar.gateway.js';
import {
  CALENDARS_OF_BOOKING,
  LINK_CLAIM,
  LINK_DOUBT,
  LINK_REMOVED,
  LINK_WRITTEN,
  LINKS_RELEASE,
  LINKS_SEEN,
} from './calendar.sql.js';
import { EventFactsReader } from './event-facts.service.js';
import { desiredEvent, eventIdOf, type DesiredEvent } from './rules/desired-event.js';

const MOST_ROUNDS = 5;

/** A calendar that has, had or is to have an event of the booking. */
interface PlacedRow extends CalendarRow {
  is_target: boolean;
  event_id: string | null;
  etag: string | null;
  hash: string | null;
  suppressed: boolean;
}

interface Step {
  row: PlacedRow;
  place: CalendarPlace;
  eventId: string;
  /** Null: there is to be none. */
  desired: DesiredEvent | null;
}

/** One round: what is to be done under which claim, for which version of the booking. */
interface Plan {
  bookingId: string;
  version: number;
  claim: string;
  steps: readonly Step[];
}

/**
 * How it ended. `idle`: nothing had to be written; `waiting`: no account to write with; `busy`: somebody else writes this booking's
 * event just now; `paused`: Google wants to be left alone.
 */
export type Reconciled = 'written' | 'idle' | 'waiting' | 'busy' | 'paused';

/**
 * Makes calendars say what bookings are. Desired state, not edits: what a booking is now is compared with what was last written, so
 * that bursts collapse, order does not matter and a lost answer is made good. The network is called between transactions, under a
 * claim; whatever the booking became meanwhile is seen at the end, and the next round writes it.
 */
@Injectable()
export class CalendarReconciling {
  constructor(
    private readonly database: Database,
    private readonly gateway: CalendarGateway,
    private readonly accounts: CalendarAccounts,
    private readonly facts: EventFactsReader,
    private readonly mark: BookingCalendarMark,
    private readonly config: Config,
  ) {}

  /** Rejects with CalendarFailure. `force` writes even what seems to stand there already. */
  async reconcile(bookingId: string, force = false): Promise<Reconciled> {
    let ended: Reconciled = 'idle';
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const plan = await this.database.transact(WORKER, (em) =>
        this.plan(em, bookingId, force && round === 0),
      );
      if (typeof plan === 'string') return plan === 'idle' ? ended : plan;
      ended = 'written';
      if (await this.carryOut(plan)) return ended;
    }
    return 'busy';
  }

  private async plan(
    em: EntityManager,
    bookingId: string,
    force: boolean,
  ): Promise<Plan | Exclude<Reconciled, 'written'>> {
    const facts = await this.facts.of(em, bookingId);
    if (!facts) return 'idle';
    const rows = await run<PlacedRow>(em, CALENDARS_OF_BOOKING, [bookingId]);
    const desired = desiredEvent(facts);
    const due = rows.flatMap((row) => {
      const wanted = row.is_target && !row.suppressed ? desired : null;
      const isDone = wanted ? row.hash === wanted.hash && !force : row.etag === null;
      return isDone ? [] : [{ row, desired: wanted, eventId: row.event_id ?? eventIdOf(bookingId) }];
    });
    const steps = due.flatMap((step): Step[] => {
      const place = this.accounts.placeOf(step.row);
      return place ? [{ ...step, place }] : [];
    });
    await run(em, LINKS_SEEN, [bookingId, facts.version]);
    if (steps.length === 0 && force)
      for (const { row, eventId } of due) await run(em, LINK_DOUBT, [bookingId, row.id, eventId]);
    if (steps.length === 0) return due.length === 0 ? 'idle' : 'waiting';
    if (steps.some(({ row }) => row.paused)) return 'paused';
    const claim = newId();
    for (const { row, eventId } of steps) {
      const claimed = await run(em, LINK_CLAIM, [
        bookingId,
        row.id,
        eventId,
        claim,
        this.config.outboxLeaseMs,
      ]);
      // Whoever writes just now looks at the booking once more before they let go.
      if (claimed.length === 0) return this.giveBack(em, bookingId, claim);
    }
    return { bookingId, version: facts.version, claim, steps };
  }

  private async giveBack(em: EntityManager, bookingId: string, claim: string): Promise<'busy'> {
    await run(em, LINKS_RELEASE, [bookingId, claim]);
    return 'busy';
  }

  /** True when the booking is still what was written. */
  private async carryOut(plan: Plan): Promise<boolean> {
    const { bookingId, claim } = plan;
    const written = new Map<string, EventTruth>();
    try {
      for (const step of plan.steps) {
        const truth = await this.perform(step);
        if (truth) written.set(step.row.id, truth);
      }
    } catch (error) {
      await this.database.transact(WORKER, (em) => run(em, LINKS_RELEASE, [bookingId, claim]));
      if (isOvertaken(error)) return false;
      throw error;
    }
    failpoint('calendar.before-settle');
    return this.database.transact(WORKER, (em) => this.settle(em, plan, written));
  }

  private async perform(step: Step): Promise<EventTruth | null> {
    try {
      const truth = step.desired ? await this.write(step, step.desired) : await this.remove(step);
      await this.accounts.succeeded(step.row);
      return truth;
    } catch (error) {
      if (error instanceof CalendarFailure) await this.accounts.failed(step.row, error);
      throw error;
    }
  }

  private async write({ place, eventId, row }: Step, { body }: DesiredEvent): Promise<EventTruth> {
    failpoint('calendar.before-call');
    const seen = row.etag === null ? null : await this.seen(place, eventId);
    const truth = seen
      ? await this.gateway.update(place, seen, body)
      : await this.gateway.insert(place, eventId, body).catch(async (error: unknown) => {
          // Its answer was lost, or the calendar was left and entered again: the event is ours already.
          if (!(error instanceof CalendarFailure) || error.kind !== 'exists') throw error;
          return this.gateway.update(place, await this.gateway.get(place, eventId), body);
        });
    failpoint('calendar.after-call');
    return truth;
  }

  private async remove({ place, eventId }: Step): Promise<null> {
    failpoint('calendar.before-call');
    await this.gateway.remove(place, eventId).catch(unlessGone);
    failpoint('calendar.after-call');
    return null;
  }

  private seen(place: CalendarPlace, eventId: string): Promise<EventTruth | null> {
    return this.gateway.get(place, eventId).catch(unlessGone);
  }

  private async settle(
    em: EntityManager,
    plan: Plan,
    written: ReadonlyMap<string, EventTruth>,
  ): Promise<boolean> {
    const { bookingId, claim, version, steps } = plan;
    const booking = await em.findOne(Booking, bookingId, {
      lockMode: LockMode.PESSIMISTIC_WRITE,
      refresh: true,
    });
    let isOurs = true;
    for (const { row, desired, eventId } of steps) {
      const truth = written.get(row.id);
      const settled =
        desired && truth
          ? await run(em, LINK_WRITTEN, [bookingId, row.id, claim, truth.etag, desired.hash, version])
          : await run(em, LINK_REMOVED, [bookingId, row.id, claim]);
      if (settled.length > 0) continue;
      // Too slow: somebody else wrote meanwhile, and whose words stand there now is not known.
      isOurs = false;
      await run(em, LINK_DOUBT, [bookingId, row.id, eventId]);
    }
    const shown = steps.find(({ row, desired }) => row.is_target && desired !== null);
    await this.mark.set(em, bookingId, shown?.eventId ?? null);
    return isOurs && (booking === null || booking.version === version);
  }
}

/** Somebody did something to the event between looking and writing: look again. */
function isOvertaken(error: unknown): boolean {
  return error instanceof CalendarFailure && ['changed', 'exists', 'gone'].includes(error.kind);
}

/** What is gone already is as good as removed, and was never seen. */
function unlessGone(error: unknown): null {
  if (error instanceof CalendarFailure && error.kind === 'gone') return null;
  throw error;
}
