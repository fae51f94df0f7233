import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { KeptForMonths, type KeptForATime } from '../database/retention.js';
import { run } from '../database/statement.js';
import { CONSENT_PAST_COUNT, CONSENT_PAST_DROP, OPT_OUT_PAST_DROP } from './retention.sql.js';

/** What was decided long ago and replaced since needs no more proof; the decision in force stays, and so does STOP. */
@Injectable()
@KeptForMonths('consents')
export class ConsentRetention implements KeptForATime {
  async count(em: EntityManager, months: number): Promise<number> {
    const [found] = await run<{ rows: number }>(em, CONSENT_PAST_COUNT, [months]);
    return found?.rows ?? 0;
  }

  async cut(em: EntityManager, months: number, most: number): Promise<number> {
    const [dropped] = await run<{ rows: number }>(em, CONSENT_PAST_DROP, [most]);
    const stops = await run(em, OPT_OUT_PAST_DROP, [months, most]);
    return (dropped?.rows ?? 0) + stops.length;
  }
}
