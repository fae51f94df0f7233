import { DomainError } from '../common/domain-error.js';

/** Nobody has connected a calendar that this booking could be written to, or its consent was taken back. */
export class CalendarNotConnected extends DomainError {
  constructor() {
    super('calendar-not-connected', 'No calendar is connected that this booking could be written to.');
  }
}

/** Whoever called does not know the channel's token, or there is no such channel. */
export class CalendarPushRefused extends DomainError {
  constructor() {
    super('signature-invalid', 'The token does not belong to this channel.');
  }
}

/** The calendar's provider is out; the event follows by itself as soon as it is back. */
export class CalendarUnavailable extends DomainError {
  constructor() {
    super(
      'provider-unavailable',
      'The calendar does not answer just now. The event follows by itself.',
      {},
      { 'retry-after': '30' },
    );
  }
}

/** Google's page did not lead to a consent that calendars can be used with. */
export class CalendarConsentFailed extends DomainError {
  constructor(why: string) {
    super('calendar-consent-failed', why);
  }
}
