import type { Invitation } from '../channel.port.js';
import type { MessageFamily } from '../text/families.js';

/** What is known when the e-mail is written. */
export interface InvitationFacts {
  readonly booking: {
    readonly id: string;
    readonly revision: number;
    readonly startsAt: Date;
    readonly endsAt: Date;
    readonly serviceName: string;
  };
  readonly guest: Invitation['guest'];
  readonly business: { readonly name: string; readonly address: string };
  /** Makes ids unique in the world: the host of `PUBLIC_URL`. */
  readonly host: string;
  readonly now: Date;
}

/** Null for e-mails that do not say when the appointment is, or that it is off. Source: RFC 5546 §3.2 (iTIP). */
export function invitationFor(
  family: MessageFamily,
  { booking, guest, business, host, now }: InvitationFacts,
): Invitation | null {
  const isOn = family === 'booking_confirmed' || family === 'booking_rescheduled';
  if (!isOn && family !== 'booking_cancelled') return null;
  return {
    method: isOn ? 'REQUEST' : 'CANCEL',
    uid: `${booking.id}@${host}`,
    // Cancelling is the last word on a revision.
    sequence: isOn ? booking.revision : booking.revision + 1,
    start: booking.startsAt,
    end: booking.endsAt,
    summary: `${booking.serviceName} – ${business.name}`,
    location: business.address,
    salon: business.name,
    guest,
    saidAt: now,
  };
}
