import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BOOT } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { ExternalBusyTimes } from '../scheduling/external-busy.service.js';
import { ENVIRONMENT_CONNECT } from './calendar.sql.js';

/** Connects the account whose consent stands in the environment: its calendar is the salon's, unless another already is. */
@Injectable()
export class CalendarSetup implements OnApplicationBootstrap {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly busyTimes: ExternalBusyTimes,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { refreshToken, calendarId } = this.config.google;
    if (refreshToken === null) return;
    await this.database.transact(BOOT, async (em) => {
      const [made] = await run<{ id: string }>(em, ENVIRONMENT_CONNECT, [newId(), newId(), calendarId]);
      if (made) await this.busyTimes.addSource(em, made.id, null);
    });
  }
}
