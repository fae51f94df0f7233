import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BOOT } from '../common/actor.js';
import { BusinessService } from '../business/business.service.js';
import { Database } from '../database/database.service.js';
import { WeeklyHours } from './entities/weekly-hours.entity.js';
import { seedWeek } from './week.js';

/** Gives a new salon its first opening hours, once in the life of its database. */
@Injectable()
export class HoursSeeding implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transact(BOOT, async (em) => {
      const seed = await this.business.claimHoursSeed(em);
      for (const { weekday, intervals } of seed ? seedWeek(seed) : []) {
        for (const { from, to } of intervals)
          em.create(WeeklyHours, { weekday, opensAt: from, closesAt: to });
      }
    });
  }
}
