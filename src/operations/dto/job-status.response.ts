import { Out } from '../../common/fields/response.fields.js';
import type { JobHealth } from '../service-health.js';

/** Regular work, whichever worker does it; times are real time. */
export class JobStatusResponse {
  @Out.text({ example: 'calendar-poll' }) name!: string;
  @Out.int({ example: 20 }) everySeconds!: number;
  @Out.instant() lastRunAt!: string;
  @Out.instant({ nullable: true }) lastSuccessAt!: string | null;
  @Out.text({ nullable: true, description: 'Of the last run; null when it went well' }) lastError!:
    | string
    | null;
  @Out.int({ example: 12, description: 'How long the last run took, in ms' }) tookMs!: number;
  @Out.bool({ description: 'Not done well for three of its intervals' }) isLate!: boolean;

  static from(this: void, { lastRunAt, lastSuccessAt, ...job }: JobHealth): JobStatusResponse {
    return {
      ...job,
      lastRunAt: lastRunAt.toISOString(),
      lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    };
  }
}
