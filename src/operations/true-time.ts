import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BOOT } from '../common/actor.js';
import { Config, isLive } from '../config/config.js';
import { CLOCK_RESET } from '../database/app-clock.sql.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';

/** Where customers are real, app time is real time: what a sandbox moved on the same database is taken back at start. */
@Injectable()
export class TrueTime implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.config.production && !isLive(this.config)) return;
    await this.database.transact(BOOT, (em) => run(em, CLOCK_RESET));
  }
}
