import { Out } from '../../common/fields/response.fields.js';
import type { KpisReport, RouteOutcome } from '../kpis.types.js';
import { isFault, isPrevented } from '../prevented.js';
import { ratio, total } from '../ratio.js';
import { CHANNELS, type DaySums, type MessageFigure } from '../report-days.types.js';
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
    const { sums, lately } = report;
    const { now, before, ripe } = sums;
    const sent = sumOver(now, 'accepted');
    const automatic = sumOver(now, 'automatic');
    const rates = {
      automationRate: ratio(automatic, automatic + sumOver(now, 'manual')),
      templateCoverage: ratio(sumOver(now, 'templated'), sent),
      segmentsPerVisit: ratio(now['sms.segments'], now.visits),
      bookingsPerStaffHour: ratio(now.made * SPELLS_AN_HOUR, now.staffSpells),
      deliveryRate: ratio(now['sms.delivered'], now['sms.accepted']),
      calendarSyncRate: ratio(now.eventsInTime, now.eventsDue),
      openConflicts: lately.openConflicts,
      selfServiceRate: ratio(now.own, now.own + now.byStaff),
      afterHoursShare: ratio(now.afterHours, now.own),
      portalUsage: ratio(lately.signedIn, lately.booked),
      doubleBookings: now.doubleBookings,
      receiptCoverage: ratio(now.receipts, now.payments),
      noShow: {
        rate: ratio(now.noShows, now.completed + now.noShows),
        rateBefore: ratio(before.noShows, before.completed + before.noShows),
        reminded: ratio(now.remindedNoShows, now.remindedCompleted + now.remindedNoShows),
        notReminded: ratio(now.notRemindedNoShows, now.notRemindedCompleted + now.notRemindedNoShows),
      },
      utilization: ratio(now.bookedMinutes, now.bookableMinutes),
      completionRate: ratio(now.completed, now.completed + now.noShows + now.lateCancellations),
      retention90: ratio(ripe.returned90, ripe.firstVisits),
      staffMinutesSaved: minutesSaved(now, automatic),
      growth: {
        bookings: growthOf(now.visits, before.visits),
        customers: growthOf(sums.customers, sums.customersBefore),
        revenue: growthOf(now.net, before.net),
      },
    };
    return Object.assign(new KpisResponse().about(report.range), rates, requestsOf(report));
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

function requestsOf({ portalOutcomes, bookingOutcomes, moveOutcomes }: KpisReport) {
  const prevented = preventedOf([...bookingOutcomes, ...moveOutcomes]);
  const moved = countOf(moveOutcomes, (outcome) => outcome === 'ok');
  const refusedMoves = countOf(moveOutcomes, isPrevented);
  const asked = countOf(portalOutcomes, () => true);
  return {
    portalAvailability: ratio(asked - countOf(portalOutcomes, isFault), asked),
    preventedErrors: total(prevented, 'requests'),
    prevented,
    rescheduleSuccess: ratio(moved, moved + refusedMoves),
  };
}

function countOf(rows: readonly RouteOutcome[], isMeant: (outcome: string) => boolean): number {
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

/** A figure of messages over all channels. */
function sumOver(sums: DaySums, figure: MessageFigure): number {
  return CHANNELS.reduce((sum, channel) => sum + sums[`${channel}.${figure}`], 0);
}

function growthOf(now: number, before: number): number | null {
  return ratio(now - before, before);
}

function minutesSaved({ moves, cancellations, online }: DaySums, automaticMessages: number): number {
  return (
    automaticMessages * MINUTES_SAVED.message +
    moves * MINUTES_SAVED.move +
    cancellations * MINUTES_SAVED.cancellation +
    online * MINUTES_SAVED.payment
  );
}
