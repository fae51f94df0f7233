import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { BusinessService } from '../business/business.service.js';
import type { Business } from '../business/entities/business.entity.js';
import { Database } from '../database/database.service.js';
import type { HoursException } from './entities/hours-exception.entity.js';
import { HoursExceptionsService } from './hours-exceptions.service.js';
import { HoursService } from './hours.service.js';
import type { DayHours } from './week.js';

const MOST_EXCEPTIONS = 25;

/** The salon as somebody sees it who needs help. */
export interface Support {
  readonly business: Business;
  readonly week: readonly DayHours[];
  readonly exceptions: readonly HoursException[];
}

/** Contact and hours in one picture of the database. */
@Injectable()
export class SupportService {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly hours: HoursService,
    private readonly exceptions: HoursExceptionsService,
  ) {}

  get(actor: Actor): Promise<Support> {
    return this.database.transact(actor, async (em) => ({
      business: await this.business.get(em),
      week: await this.hours.getBusinessWeek(actor),
      exceptions: (await this.exceptions.listOfBusiness(actor, { limit: MOST_EXCEPTIONS })).slice(
        0,
        MOST_EXCEPTIONS,
      ),
    }));
  }
}
