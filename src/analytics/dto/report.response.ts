import { Out } from '../../common/fields/response.fields.js';
import type { ReportRange } from '../report-reader.service.js';

/** A report as a table, for spreadsheets. */
export interface Tabular {
  readonly from: string;
  readonly to: string;
  /** The rows of its main table: flat, all with the same columns. */
  table(): readonly object[];
}

/** What each report says about itself. Money is in minor units of `currency`. */
export class ReportResponse {
  @Out.date({ description: 'The first local day' }) from!: string;
  @Out.date({ description: 'The last local day, included' }) to!: string;
  @Out.text({ example: 'America/New_York' }) timeZone!: string;
  @Out.text({ example: 'USD' }) currency!: string;
  @Out.instant({ description: 'App time: what happened later is not in it' }) at!: string;

  protected about({ from, to, timeZone, currency, now }: ReportRange): this {
    return Object.assign(this, { from, to, timeZone, currency, at: now.toISOString() });
  }
}
