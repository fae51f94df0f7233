import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { BusinessService } from '../business/business.service.js';
import { WORKER } from '../common/actor.js';
import { addDays, daysBetween, eachDate, type LocalDate } from '../common/time/local-date.js';
import { dayBounds, localDateOf } from '../common/time/zoned-time.js';
import { Database } from '../database/database.service.js';
import { run, runOne, type Statement } from '../database/statement.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { WorkingTimes } from '../scheduling/working-times.service.js';
import { BookingReports } from './booking-reports.service.js';
import { FOR_REPORTS } from './fragments.sql.js';
import {
  COHORTS_OF_DAYS,
  DAYS_DUE,
  DAYS_FORGET,
  DELIVERY_OF_DAYS,
  KEEP_DAYS,
  KEPT_DAYS,
  SUM_OF_DAYS,
} from './report-days.sql.js';
import {
  DAY_FIGURES,
  RIPE_AFTER_DAYS,
  type ComparedSums,
  type DayFailure,
  type DayFigure,
  type DaySums,
} from './report-days.types.js';
import { total } from './ratio.js';
import type { CohortRow } from './report.types.js';

/** Often, so that a new version or a new installation has its days soon; mostly there is nothing to do. */
const LOOKS_EVERY_MS = 60_000;
/** A day is kept when it is that many days ago: until then much of it still changes. */
const KEPT_AFTER_DAYS = 3;
/** Days that are counted again every hour, and how far back any are kept: two of the longest ranges. */
const LATE_DAYS = 35;
const MOST_DAYS = 1_464;
/** Counted in one go, so that no transaction takes long. */
const DAYS_AT_ONCE = 28;

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly timeZone: string;
  readonly now: Date;
}

/** What became of messages: their sums, what failed, and after how many seconds half of them were taken. */
export interface Delivery {
  readonly sums: DaySums;
  readonly failures: readonly DayFailure[];
  /** Contacts that were texted. */
  readonly recipients: number;
  readonly sms: number | null;
  readonly email: number | null;
}

/**
 * What can be summed of local days. Days that are over are counted once and kept (`report_day`), again every hour while they are late ones and
 * every day later; days that are not kept are counted when asked for, by the same statement.
 */
@Injectable()
export class ReportDays implements OnModuleInit, OnModuleDestroy {
  private isStopping = false;
  private lookedAtMs = performance.now();

  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly times: WorkingTimes,
    private readonly bookings: BookingReports,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(LOOKS_EVERY_MS, 'keep-report-days', () => this.keepInTurn());
  }

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** The sums over a range of days, with what is told of the days from `earlier` that come before it. */
  async compared(em: EntityManager, range: Days, earlier: LocalDate): Promise<ComparedSums> {
    const missing = await missingOf(em, { ...range, from: earlier });
    const values = await this.everythingOf(em, missing, range.timeZone);
    const ripe = addDays(localDateOf(range.now, range.timeZone), -RIPE_AFTER_DAYS);
    const days = [earlier, range.to, range.from, range.to < ripe ? range.to : ripe];
    const found = await runOne<WithFound<ComparedSums, 'now'>>(em, SUM_OF_DAYS, [...values, ...days]);
    return { ...found, now: sumsOf(found.now) };
  }

  /** Months with the customers whose first visit was in one of the days of a range, and how many completed visits were then. */
  async cohorts(em: EntityManager, range: Days): Promise<(CohortRow & Checkouts)[]> {
    const values = boundsOf(await missingOf(em, range), range.timeZone);
    const today = localDateOf(range.now, range.timeZone);
    return run(em, COHORTS_OF_DAYS, [...values, range.from, range.to, today]);
  }

  /** The sums over a range of days, with what cannot be told by sums. */
  async delivery(em: EntityManager, range: Days): Promise<Delivery> {
    const values = [...boundsOf(await missingOf(em, range), range.timeZone), range.from, range.to];
    const found = await runOne<WithFound<Delivery, 'sums'>>(em, DELIVERY_OF_DAYS, values);
    return { ...found, sums: sumsOf(found.sums) };
  }

  /** Counts and keeps all days that are due, the latest first. */
  async keep(): Promise<void> {
    while (!this.isStopping && (await this.keepSome()) > 0);
  }

  /** A clock that is moved about brings all regular work forward; this need not follow each leap. */
  private async keepInTurn(): Promise<void> {
    if (performance.now() - this.lookedAtMs < LOOKS_EVERY_MS * 0.9) return;
    this.lookedAtMs = performance.now();
    await this.keep();
  }

  private keepSome(): Promise<number> {
    return this.database.transact(WORKER, async (em, now) => {
      await run(em, FOR_REPORTS);
      const { timeZone } = await this.business.get(em);
      const today = localDateOf(now, timeZone);
      const first = addDays(today, -MOST_DAYS);
      const days = eachDate(first, addDays(today, -KEPT_AFTER_DAYS));
      const late = addDays(today, -LATE_DAYS);
      const due = await daysOf(em, DAYS_DUE, [days, late, timeZone, DAYS_AT_ONCE]);
      if (due.length === 0) await run(em, DAYS_FORGET, [first]);
      else await run(em, KEEP_DAYS, [...(await this.everythingOf(em, due.toSorted(), timeZone)), timeZone]);
      return due.length;
    });
  }

  /** Values with which everything is counted of days in their order. */
  private async everythingOf(
    em: EntityManager,
    days: readonly LocalDate[],
    timeZone: string,
  ): Promise<unknown[]> {
    const { catalogRevision } = await this.business.get(em);
    const open: string[] = [];
    const use: { day: LocalDate; figures: Partial<Record<DayFigure, number>> }[] = [];
    for (const { from, to } of stretchesOf(days)) {
      const windows = await this.times.ofSalon(from, to, Number(catalogRevision));
      open.push(...windows.map(({ start, end }) => `[${start},${end})`));
      const cells = await this.bookings.cellsOf(em, { from, to, timeZone });
      for (const [day, own] of Map.groupBy(cells, (cell) => cell.day)) {
        const [bookableMinutes, bookedMinutes] = [total(own, 'bookableMinutes'), total(own, 'bookedMinutes')];
        use.push({ day, figures: { bookableMinutes, bookedMinutes } });
      }
    }
    return [...boundsOf(days, timeZone), `{${open.join(',')}}`, JSON.stringify(use)];
  }
}

/** The days of a range that have to be counted now. */
async function missingOf(em: EntityManager, { from, to, timeZone, now }: Days): Promise<LocalDate[]> {
  const lastKept = addDays(localDateOf(now, timeZone), -KEPT_AFTER_DAYS);
  const kept = new Set(await daysOf(em, KEPT_DAYS, [from, to < lastKept ? to : lastKept, timeZone]));
  return eachDate(from, to).filter((day) => !kept.has(day));
}

/** Values of days in their order: the days, their first instants, and the ones after their last. */
function boundsOf(days: readonly LocalDate[], timeZone: string): unknown[] {
  const bounds = days.map((day) => dayBounds(day, timeZone));
  return [days, bounds.map(({ start }) => start), bounds.map(({ end }) => end)];
}

/** Figures by name as the database adds them up: without those that no day has, null without a day. */
type Found = Partial<Record<string, number>> | null;
type WithFound<T, K extends keyof T> = Omit<T, K> & Readonly<Record<K, Found>>;

/** Completed visits, and those at which the next one was booked. */
interface Checkouts {
  readonly completed: number;
  readonly rebooked: number;
}

async function daysOf(em: EntityManager, statement: Statement, values: unknown[]): Promise<LocalDate[]> {
  const rows = await run<{ day: LocalDate }>(em, statement, values);
  return rows.map(({ day }) => day);
}

/** Figures that no day has are 0. */
function sumsOf(found: Found): DaySums {
  return Object.fromEntries(DAY_FIGURES.map((figure) => [figure, found?.[figure] ?? 0])) as DaySums;
}

/** Days in order as stretches without a gap. */
function stretchesOf(days: readonly LocalDate[]): { from: LocalDate; to: LocalDate }[] {
  const stretches: { from: LocalDate; to: LocalDate }[] = [];
  for (const day of days) {
    const last = stretches.at(-1);
    if (last && daysBetween(last.to, day) === 1) last.to = day;
    else stretches.push({ from: day, to: day });
  }
  return stretches;
}
