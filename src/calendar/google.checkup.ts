import { Injectable } from '@nestjs/common';
import {
  ExaminedByDoctor,
  failure,
  notLive,
  ok,
  warning,
  type Checkup,
  type Finding,
} from '../common/checkup.js';
import { WORKER } from '../common/actor.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { CalendarConnection } from './entities/calendar-connection.entity.js';
import { loadCalendar } from './google-client.js';

const WRITES = ['owner', 'writer'];

/** Whether Google lets us in with the environment's consent, its calendar can be written to, and no connected account is broken. */
@Injectable()
@ExaminedByDoctor()
export class GoogleCheckup implements Checkup {
  readonly part = 'google';

  constructor(
    private readonly config: Config,
    private readonly database: Database,
  ) {}

  async examine(): Promise<Finding[]> {
    const { mode, refreshToken } = this.config.google;
    const absent = notLive(mode, 'bookings go into no calendar, and none is read.');
    if (absent) return [absent];
    return [
      refreshToken === null
        ? ok('Accounts are connected by a click: GET /admin/calendar/oauth/start.')
        : await this.environment(refreshToken),
      ...(await this.connections()),
      this.config.publicUrl.startsWith('https:')
        ? ok('Google can tell of changes as they happen.')
        : warning(
            'Google tells of changes over https only: calendars are read every two minutes.',
            'Serve PUBLIC_URL over https.',
          ),
    ];
  }

  private async environment(refreshToken: string): Promise<Finding> {
    const { calendarId } = this.config.google;
    try {
      const google = await loadCalendar(this.config.google, refreshToken);
      const { data } = await google.calendarList.list({ maxResults: 250 });
      const items = data.items ?? [];
      const ours =
        calendarId === 'primary'
          ? items.find(({ primary }) => primary)
          : items.find(({ id }) => id === calendarId);
      if (!ours)
        return failure(
          `The account has no calendar ${calendarId}.`,
          'Set GOOGLE_CALENDAR_ID to one of its calendars.',
        );
      return WRITES.includes(ours.accessRole ?? '')
        ? ok(`Google lets us in; the calendar “${ours.summary ?? calendarId}” can be written to.`)
        : failure(`The calendar ${calendarId} can only be read.`, 'Share it with the right to make changes.');
    } catch (error) {
      const words = error instanceof Error ? error.message : 'unknown';
      return words.includes('invalid_grant')
        ? failure(
            'Google takes the consent no more.',
            'npm run lawrei -- google:auth prints a new GOOGLE_REFRESH_TOKEN.',
          )
        : failure(
            `Google could not be asked: ${words}`,
            'Check GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and the way to googleapis.com.',
          );
    }
  }

  private async connections(): Promise<Finding[]> {
    const broken = await this.database.transact(WORKER, (em) =>
      em.find(CalendarConnection, { state: 'broken' }),
    );
    return broken.map(({ source, accountEmail }) =>
      failure(
        `The connection to ${accountEmail ?? `the account of the ${source}`} is broken.`,
        'Connect it again: GET /admin/calendar/oauth/start.',
      ),
    );
  }
}
