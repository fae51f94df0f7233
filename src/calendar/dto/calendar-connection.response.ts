import { Out } from '../../common/fields/response.fields.js';
import type { ConnectionView } from '../calendar-connections.service.js';
import {
  CONNECTION_SOURCES,
  CONNECTION_STATES,
  type ConnectionState,
} from '../entities/calendar-connection.entity.js';
import type { Calendar } from '../entities/calendar.entity.js';

/** A calendar that is used. */
export class CalendarResponse {
  @Out.id() id!: string;
  @Out.text({ description: 'Google’s id of it', example: 'salon@calendar.sandbox.example' })
  googleId!: string;
  @Out.id({ nullable: true, description: 'Whose it is; null: the salon’s' }) staffId!: string | null;
  @Out.bool({ description: 'Bookings are written to it' }) isTarget!: boolean;
  @Out.bool({ description: 'What else stands in it takes time here' }) readsBusy!: boolean;
  @Out.instant({ nullable: true, description: 'When it was last read; real time' }) syncedAt!: string | null;
  @Out.instant({ nullable: true, description: 'Until when Google tells of changes by itself; real time' })
  watchedUntil!: string | null;

  static from(this: void, calendar: Calendar): CalendarResponse {
    const { id, googleId, isTarget, readsBusy } = calendar;
    return {
      ...{ id, googleId, isTarget, readsBusy },
      staffId: calendar.resourceId ?? null,
      syncedAt: calendar.syncedAt?.toISOString() ?? null,
      watchedUntil: calendar.channelExpiresAt?.toISOString() ?? null,
    };
  }
}

/** An account at Google. */
export class CalendarConnectionResponse {
  @Out.id() id!: string;
  @Out.oneOf(CONNECTION_SOURCES, {
    description: 'Its consent stands in the environment, or was given by a click',
  })
  source!: (typeof CONNECTION_SOURCES)[number];
  @Out.text({
    nullable: true,
    example: 'salon@calendar.sandbox.example',
    description: 'The account’s address; null where the environment connects it',
  })
  account!: string | null;
  @Out.oneOf(CONNECTION_STATES, {
    description: '`broken`: nothing is asked of it until it is tried or connected again',
  })
  state!: ConnectionState;
  @Out.instant({ description: 'Real time' }) stateSince!: string;
  @Out.text({ nullable: true }) lastError!: string | null;
  @Out.list(() => CalendarResponse) calendars!: CalendarResponse[];

  static from(this: void, { connection, calendars }: ConnectionView): CalendarConnectionResponse {
    const { id, source, state } = connection;
    return {
      ...{ id, source, state },
      account: connection.accountEmail ?? null,
      stateSince: connection.stateSince.toISOString(),
      lastError: connection.lastError ?? null,
      calendars: calendars.map(CalendarResponse.from),
    };
  }
}

/** The connected accounts, all of them. */
export class CalendarConnectionsResponse {
  @Out.list(() => CalendarConnectionResponse) data!: CalendarConnectionResponse[];

  static from(views: readonly ConnectionView[]): CalendarConnectionsResponse {
    return { data: views.map(CalendarConnectionResponse.from) };
  }
}
