import { Out } from '../../common/fields/response.fields.js';
import type { KpiFigures, KpisReport, RouteOutcome } from '../kpis.types.js';
import { isFault, isPrevented } from '../prevented.js';
import { ratio, total } from '../ratio.js';
import type { Outcomes, RemindedRow } from '../report.types.js';
import { ReportResponse, type Tabular } from './report.response.js';

/** What staff would spend on it, in minutes. */
const MINUTES_SAVED = { message: 2, move: 4, cancellation: 3, payment: 3 };

const SPELLS_AN_HOUR = 12;

/** Missed visits, of those kept or missed. */
export class NoShowKpiResponse {
  @Out.number({ nullable: true }) rate!: number | null;
  @Out.number({ nullable: true, description: 'In as many days before' }) rateBefore!: number | null;
  @Out.number({ nullable: true, description: 'Of visits that were reminded of' }) reminded!: number | null;
  @Out.number({ nullable: true, description: 'Of the others' }) notReminded!: number | null;
}

/** Growth against as many days before: 0.1 is ten per cent more. */
export class GrowthResponse {
  @Out.number({ nullable: true }) bookings!: number | null;
  @Out.number({ nullable: true }) customers!: number | null;
  @Out.number({ nullable: true }) revenue!: number | null;
}

export class PreventedResponse {
  @Out.text({ description: 'The code of the refusal', example: 'slot-unavailable' }) rule!: string;
  @Out.int() requests!: number;
}

/** Whether the product keeps what it promises. Each is defined in docs/analytics.md. */
export class KpisResponse extends ReportResponse implements Tabular {
  @Out.number({ nullable: true, description: 'Messages sent by rule, of all that were sent' })
  automationRate!: number | null;
  @Out.number({ nullable: true, description: 'Messages written from a template, of all that were sent' })
  templateCoverage!: number | null;
  @Out.number({ nullable: true, description: 'Segments of texts that are billed, for each visit' })
  segmentsPerVisit!: number | null;
  @Out.number({
    nullable: true,
    description: 'Bookings made, for each hour in which staff worked on bookings',
  })
  bookingsPerStaffHour!: number | null;
  @Out.number({ nullable: true, description: 'Texts known to have arrived, of those taken' }) deliveryRate!:
    | number
    | null;
  @Out.number({ nullable: true, description: 'Changed bookings whose event followed within a minute' })
  calendarSyncRate!: number | null;
  @Out.int({ description: 'Now; see /admin/calendar/conflicts' }) openConflicts!: number;
  @Out.number({ nullable: true, description: 'What customers did themselves, of all that was done' })
  selfServiceRate!: number | null;
  @Out.number({ nullable: true, description: 'Of that, while the salon was closed' }) afterHoursShare!:
    | number
    | null;
  @Out.number({ nullable: true, description: 'Customers in the portal ÷ customers who booked; last 30 days' })
  portalUsage!: number | null;
  @Out.number({ nullable: true, description: 'Requests to the portal that it did not fail' })
  portalAvailability!: number | null;
  @Out.int({ description: 'Bookings and moves refused because they would have been mistakes' })
  preventedErrors!: number;
  @Out.list(() => PreventedResponse) prevented!: PreventedResponse[];
  @Out.int({ description: 'Never more than 0' }) doubleBookings!: number;
  @Out.number({ nullable: true, description: 'Payments that came and have a receipt' }) receiptCoverage!:
    | number
    | null;
  @Out.number({ nullable: true, description: 'Customers’ moves that went through, of those tried' })
  rescheduleSuccess!: number | null;
  @Out.object(() => NoShowKpiResponse) noShow!: NoShowKpiResponse;
  @Out.number({ nullable: true, description: 'Booked ÷ bookable minutes' }) utilization!: number | null;
  @Out.number({ nullable: true }) completionRate!: number | null;
  @Out.number({ nullable: true, description: 'Repeat booking rate within 90 days' }) retention90!:
    | number
    | null;
  @Out.int({ description: '2 a message sent by rule, 4 a customer’s move, 3 their cancelling or paying' })
  staffMinutesSaved!: number;
  @Out.object(() => GrowthResponse) growth!: GrowthResponse;

  static from(report: KpisReport): KpisResponse {
    const { figures, notifications, utilization, retention } = report;
    const texts = notifications.channels.filter(({ channel }) => channel === 'sms');
    const automatic = total(notifications.channels, 'automatic');
    const outcomes = summed(report.outcomes.periods);
    const rates = {
      automationRate: ratio(automatic, automatic + total(notifications.channels, 'manual')),
      templateCoverage: ratio(
        total(notifications.channels, 'templated'),
        total(notifications.channels, 'accepted'),
      ),
      segmentsPerVisit: ratio(total(texts, 'segments'), figures.growth.bookings),
      deliveryRate: ratio(total(texts, 'delivered'), total(texts, 'accepted')),
      utilization: ratio(
        total(utilization.cells, 'bookedMinutes'),
        total(utilization.cells, 'bookableMinutes'),
      ),
      completionRate: ratio(
        outcomes.completed,
        outcomes.completed + outcomes.noShows + outcomes.lateCancellations,
      ),
      retention90: ratio(total(retention.cohorts, 'returned90'), total(retention.cohorts, 'eligible90')),
      noShow: {
        rate: missed(outcomes),
        rateBefore: missed(summed(report.outcomesBefore.periods)),
        reminded: missedOf(notifications.reminded, true),
        notReminded: missedOf(notifications.reminded, false),
      },
      staffMinutesSaved: minutesSaved(figures, automatic),
    };
    return Object.assign(new KpisResponse().about(report.range), rates, ownOf(figures));
  }

  table(): readonly object[] {
    const {
      from: _from,
      to: _to,
      timeZone: _zone,
      currency: _currency,
      at: _at,
      prevented: _,
      ...rest
    } = this;
    return Object.entries(rest).flatMap(([kpi, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([part, inner]) => ({ kpi: `${kpi}.${part}`, value: inner }))
        : [{ kpi, value }],
    );
  }
}

function ownOf({ actions, calendar, portal, receipts, growth, ...figures }: KpiFigures) {
  const prevented = preventedOf([...figures.bookingOutcomes, ...figures.moveOutcomes]);
  const moved = requestsOf(figures.moveOutcomes, (outcome) => outcome === 'ok');
  const refusedMoves = requestsOf(figures.moveOutcomes, isPrevented);
  const asked = requestsOf(figures.portalOutcomes, () => true);
  return {
    calendarSyncRate: ratio(calendar.inTime, calendar.changed),
    openConflicts: calendar.openConflicts,
    selfServiceRate: ratio(actions.own, actions.own + actions.staff),
    afterHoursShare: ratio(actions.afterHours, actions.own),
    bookingsPerStaffHour: ratio(actions.made * SPELLS_AN_HOUR, actions.staffSpells),
    portalUsage: ratio(portal.signedIn, portal.booked),
    portalAvailability: ratio(asked - requestsOf(figures.portalOutcomes, isFault), asked),
    preventedErrors: total(prevented, 'requests'),
    prevented,
    doubleBookings: figures.doubleBookings,
    receiptCoverage: ratio(receipts.receipts, receipts.payments),
    rescheduleSuccess: ratio(moved, moved + refusedMoves),
    growth: {
      bookings: ratio(growth.bookings - growth.bookingsBefore, growth.bookingsBefore),
      customers: ratio(growth.customers - growth.customersBefore, growth.customersBefore),
      revenue: ratio(growth.revenue - growth.revenueBefore, growth.revenueBefore),
    },
  };
}

function requestsOf(rows: readonly RouteOutcome[], isMeant: (outcome: string) => boolean): number {
  return total(
    rows.filter(({ outcome }) => isMeant(outcome)),
    'requests',
  );
}

function preventedOf(rows: readonly RouteOutcome[]): PreventedResponse[] {
  const byRule = Map.groupBy(
    rows.filter(({ outcome }) => isPrevented(outcome)),
    ({ outcome }) => outcome,
  );
  return [...byRule].map(([rule, own]) => ({ rule, requests: total(own, 'requests') }));
}

function summed(rows: readonly Outcomes[]): Outcomes {
  return {
    completed: total(rows, 'completed'),
    noShows: total(rows, 'noShows'),
    lateCancellations: total(rows, 'lateCancellations'),
  };
}

function missed({ completed, noShows }: Pick<Outcomes, 'completed' | 'noShows'>): number | null {
  return ratio(noShows, completed + noShows);
}

function missedOf(rows: readonly RemindedRow[], reminded: boolean): number | null {
  const row = rows.find((one) => one.reminded === reminded);
  return row ? missed(row) : null;
}

function minutesSaved({ actions, receipts }: KpiFigures, automaticMessages: number): number {
  return (
    automaticMessages * MINUTES_SAVED.message +
    actions.moves * MINUTES_SAVED.move +
    actions.cancellations * MINUTES_SAVED.cancellation +
    receipts.online * MINUTES_SAVED.payment
  );
}
