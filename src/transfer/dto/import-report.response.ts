import type { FieldViolation } from '../../common/domain-error.js';
import { Out } from '../../common/fields/response.fields.js';
import type { ImportReport } from '../import.types.js';

/** Why a line cannot be brought in. */
export class RowRefusalResponse {
  @Out.text({ example: '/rows/2/phone', description: 'Row as a spreadsheet numbers it, and column' })
  pointer!: string;
  @Out.text({ example: 'phone', description: 'The rule that is broken' }) code!: string;
  @Out.text({ example: 'must be a telephone number with its country code, such as +15005550100' })
  detail!: string;

  static of({ pointer, code, detail }: FieldViolation): RowRefusalResponse {
    return Object.assign(new RowRefusalResponse(), { pointer, code, detail });
  }
}

/** What a file brought, or would bring. */
export class ImportReportResponse {
  @Out.bool({ description: 'False: it was tried, and nothing was changed' }) applied!: boolean;
  @Out.int({ example: 240, description: 'Rows that are not empty, without the first' }) rows!: number;
  @Out.int({ example: 236 }) created!: number;
  @Out.int({
    example: 4,
    description: 'Rows that say what is known already, or a booking that does not stand',
  })
  skipped!: number;
  @Out.list(() => RowRefusalResponse, { description: 'The first hundred' }) errors!: RowRefusalResponse[];
  @Out.texts({ example: ['loyalty_points'], description: 'Columns that mean nothing here' })
  ignoredColumns!: string[];

  static of({ applied, rows, created, skipped, errors, ignoredColumns }: ImportReport): ImportReportResponse {
    return Object.assign(new ImportReportResponse(), {
      ...{ applied, rows, created, skipped, ignoredColumns: [...ignoredColumns] },
      errors: errors.map(RowRefusalResponse.of),
    });
  }
}
