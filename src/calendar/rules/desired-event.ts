import { createHash } from 'node:crypto';
import type { CalendarDetails } from '../../business/entities/business.entity.js';
import { formatMoney, moneyOf } from '../../common/money.js';
import { formatWithOffset } from '../../common/time/format.js';
import type { EventBody } from '../calendar.gateway.js';

const MINUTE_MS = 60_000;

/** Everything an event is made of. */
export interface EventFacts {
  readonly bookingId: string;
  readonly reference: string;
  readonly revision: number;
  readonly status: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly serviceName: string;
  readonly staffName: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly paymentStatus: string;
  readonly customer: { readonly name: string; readonly phone: string | null; readonly email: string | null };
  /** The customer wants the appointment in their own calendar. */
  readonly isInvited: boolean;
  readonly details: CalendarDetails;
  readonly salon: {
    readonly name: string;
    readonly address: string;
    readonly timeZone: string;
    readonly locale: string;
  };
}

/** An event and the fingerprint of what it says: two with the same need no writing. */
export interface DesiredEvent {
  readonly body: EventBody;
  readonly hash: string;
}

/** Our id of a booking's event: base32hex as Google asks for, so that asking twice makes one. */
export function eventIdOf(bookingId: string): string {
  return `lr${bookingId.replaceAll('-', '')}`;
}

/** What a booking's event has to say; null when there is to be none. A visit that took place stays in the calendar. */
export function desiredEvent(facts: EventFacts): DesiredEvent | null {
  if (!['confirmed', 'completed', 'no_show'].includes(facts.status)) return null;
  const { salon, startsAt, endsAt } = facts;
  const at = (instant: Date) => ({
    dateTime: formatWithOffset(instant, salon.timeZone),
    timeZone: salon.timeZone,
  });
  const guest = facts.isInvited && facts.customer.email ? facts.customer.email : null;
  const said = {
    summary: summaryOf(facts),
    description: descriptionOf(facts),
    location: salon.address,
    start: at(startsAt),
    end: at(endsAt),
    // Whoever did not come takes no time any more.
    transparency: facts.status === 'no_show' ? ('transparent' as const) : ('opaque' as const),
    attendees: guest ? [{ email: guest, displayName: facts.customer.name }] : [],
    reminders: [
      { method: 'email' as const, minutes: 1_440 },
      { method: 'popup' as const, minutes: 30 },
    ],
  };
  const hash = createHash('sha256').update(JSON.stringify(said)).digest('base64url');
  const marks = {
    lawreiBooking: facts.bookingId,
    rev: String(facts.revision),
    hash,
    lawreiStart: startsAt.toISOString(),
    lawreiEnd: endsAt.toISOString(),
    // Said of nobody too: a mark that is left out would stay.
    lawreiGuest: guest ?? '',
  };
  return { body: { ...said, marks }, hash };
}

function summaryOf({ status, serviceName, customer, details }: EventFacts): string {
  const what = details === 'service' ? serviceName : `${serviceName} – ${customer.name}`;
  return status === 'no_show' ? `No-show: ${what}` : what;
}

function descriptionOf(facts: EventFacts): string {
  const { startsAt, endsAt, customer, details, salon } = facts;
  const minutes = Math.round((endsAt.getTime() - startsAt.getTime()) / MINUTE_MS);
  const price = formatMoney(moneyOf(facts.totalMinor, facts.currency), salon.locale);
  const contact = [customer.phone, customer.email].filter((way) => way !== null).join(', ');
  return [
    `${facts.serviceName}, ${minutes} minutes, with ${facts.staffName}`,
    ...(details === 'service' ? [] : [`Customer: ${customer.name}`]),
    ...(details === 'contact' && contact !== '' ? [`Contact: ${contact}`] : []),
    `Price: ${price}, ${facts.paymentStatus.replaceAll('_', ' ')}`,
    `Reference: ${facts.reference}`,
  ].join('\n');
}
