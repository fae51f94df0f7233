import { OneOf, Pattern, Text } from '../../common/fields/text.fields.js';
import { TRANSPARENCIES } from '../emulator/google-controls.js';
import type { EventTarget, EventTimes, NewEvent } from '../sandbox.client.js';

const TIME = {
  pattern: /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/,
  max: 40,
  example: '2030-03-04T10:00:00-05:00',
  description: 'An instant with its offset, or a day',
};

/** Which calendar; the salon's own when it is left out. */
export class SandboxCalendarRequest {
  @Text({
    max: 254,
    optional: true,
    description: 'Google’s id of the calendar',
    example: 'salon@calendar.sandbox.example',
  })
  calendarId?: string;
}

/** Which event. */
export class SandboxEventRequest extends SandboxCalendarRequest implements EventTarget {
  @Text({
    max: 1_024,
    description: 'Google’s id of the event',
    example: 'lr01936f2a8a1c7b6e9d430f6a2c1b7e55',
  })
  eventId!: string;
}

/** Somebody drags an event. */
export class MoveSandboxEventRequest extends SandboxEventRequest implements EventTimes {
  @Pattern(TIME) start!: string;
  @Pattern(TIME) end!: string;
}

/** Somebody writes something of their own into a calendar. */
export class CreateSandboxEventRequest extends SandboxCalendarRequest implements NewEvent {
  @Pattern(TIME) start!: string;
  @Pattern(TIME) end!: string;
  @Text({ max: 200, optional: true, description: 'Its title', example: 'Dentist' }) summary?: string;
  @OneOf(TRANSPARENCIES, { optional: true, description: 'Whether it takes the time; opaque when left out' })
  transparency?: (typeof TRANSPARENCIES)[number];
}

/** Another calendar of the sandbox's account. */
export class AddSandboxCalendarRequest {
  @Text({ max: 254, description: 'Google’s id of it', example: 'grace@calendar.sandbox.example' })
  id!: string;
  @Text({ max: 200, optional: true, description: 'Its name', example: 'Grace' }) summary?: string;
}
