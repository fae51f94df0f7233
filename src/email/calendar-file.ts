import type { Invitation } from '../messaging/channel.port.js';

/**
 * An appointment as a file that calendars take in (RFC 5545, 5546), in UTC, so that no zone has to be told. The guest has accepted
 * already: they made the appointment. The library is loaded with the first such e-mail.
 */
export async function calendarFileOf(invitation: Invitation, from: string): Promise<string> {
  const library = await import('ical-generator');
  const { method, guest, salon } = invitation;
  const isOn = method === 'REQUEST';
  const calendar = library.default({
    method: isOn ? library.ICalCalendarMethod.REQUEST : library.ICalCalendarMethod.CANCEL,
    prodId: { company: 'Lawrei', product: 'Appointments', language: 'EN' },
  });
  calendar.createEvent({
    id: invitation.uid,
    sequence: invitation.sequence,
    stamp: invitation.saidAt,
    start: invitation.start,
    end: invitation.end,
    summary: invitation.summary,
    location: invitation.location,
    status: isOn ? library.ICalEventStatus.CONFIRMED : library.ICalEventStatus.CANCELLED,
    organizer: { name: salon, email: addressIn(from) },
    attendees: [
      {
        ...guest,
        rsvp: false,
        role: library.ICalAttendeeRole.REQ,
        status: library.ICalAttendeeStatus.ACCEPTED,
      },
    ],
  });
  return calendar.toString();
}

/** Of `Salon <hello@salon.example>` the address. */
function addressIn(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
}
