import { Out } from '../../common/fields/response.fields.js';
import type { BookingEventView } from '../calendar-events.service.js';

/** A booking's event in Google Calendar. */
export class BookingEventResponse {
  @Out.id() bookingId!: string;
  @Out.text({ description: 'Google’s id of the calendar', example: 'salon@calendar.sandbox.example' })
  calendarId!: string;
  @Out.text({ description: 'Google’s id of the event', example: 'lr01936f2a8a1c7b6e9d430f6a2c1b7e55' })
  eventId!: string;
  @Out.instant({ description: 'When it was last written; real time' }) syncedAt!: string;

  static from({ syncedAt, ...event }: BookingEventView): BookingEventResponse {
    return Object.assign(new BookingEventResponse(), { ...event, syncedAt: syncedAt.toISOString() });
  }
}
