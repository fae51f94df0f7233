import { Out } from '../../common/fields/response.fields.js';
import type { CalendarOutcome, EventView } from '../emulator/google-controls.js';

/** An event as Google's page would show it. */
export class SandboxEventResponse {
  @Out.text() calendarId!: string;
  @Out.text() id!: string;
  @Out.text() status!: string;
  @Out.text({ nullable: true }) summary!: string | null;
  @Out.text({ nullable: true }) description!: string | null;
  @Out.text({ nullable: true }) location!: string | null;
  @Out.text({ description: 'An instant, or a day' }) start!: string;
  @Out.text() end!: string;
  @Out.text({ nullable: true }) timeZone!: string | null;
  @Out.texts() attendees!: string[];
  @Out.text({ description: '`transparent` takes no time' }) transparency!: string;

  static from({ private: _, etag: __, ...shown }: EventView): SandboxEventResponse {
    return Object.assign(new SandboxEventResponse(), shown);
  }
}

/** An event after somebody has done something to it. */
export class SandboxEventOutcomeResponse {
  @Out.text() calendarId!: string;
  @Out.text() eventId!: string;
  @Out.text() status!: string;

  static from(outcome: CalendarOutcome): SandboxEventOutcomeResponse {
    return Object.assign(new SandboxEventOutcomeResponse(), outcome);
  }
}

/** Whether the salon's consent stands at Google. */
export class SandboxGrantResponse {
  @Out.bool() granted!: boolean;

  static of(granted: boolean): SandboxGrantResponse {
    return Object.assign(new SandboxGrantResponse(), { granted });
  }
}
