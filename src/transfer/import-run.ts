import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit.service.js';
import type { StaffActor } from '../common/actor.js';
import { DomainError, ValidationFailed, type FieldViolation } from '../common/domain-error.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { readCsv } from './csv-file.js';
import type { ImportPlan, ImportReport } from './import.types.js';
import { ONE_IMPORT } from './transfer.sql.js';

/** More than this nobody reads, and a file that is wrong throughout has one fault. */
const MOST_ERRORS = 100;

/** Ends a transaction whose work is not wanted. */
class Undone extends Error {
  constructor(readonly report: ImportReport) {
    super('tried only');
  }
}

/** Brings a file in by one transaction: every line of it, or nothing. */
@Injectable()
export class ImportRun {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** With `dryRun` everything is done and undone. Throws ValidationFailed naming the lines that cannot be brought in. */
  async of(actor: StaffActor, csv: string, dryRun: boolean, plan: ImportPlan): Promise<ImportReport> {
    try {
      return await this.database.transact(actor, async (em) => {
        await run(em, ONE_IMPORT);
        const report = await this.bringAll(em, csv, plan);
        if (dryRun || report.errors.length > 0) throw new Undone(report);
        const { created, skipped } = report;
        await this.audit.record(em, actor, { action: plan.action, details: { created, skipped } });
        return { ...report, applied: true };
      });
    } catch (error) {
      if (!(error instanceof Undone)) throw error;
      if (!dryRun) throw new ValidationFailed(error.report.errors);
      return error.report;
    }
  }

  private async bringAll(
    em: Parameters<ImportPlan['bring']>[0],
    csv: string,
    plan: ImportPlan,
  ): Promise<ImportReport> {
    const { rows, ignoredColumns } = readCsv(csv, plan);
    const counts = { created: 0, skipped: 0 };
    const errors: FieldViolation[] = [];
    for (const { line, cells } of rows) {
      try {
        counts[await plan.bring(em, cells)] += 1;
      } catch (error) {
        errors.push(...violationsOf(error, line));
        if (errors.length >= MOST_ERRORS) break;
      }
      // What was read for one line is not compared again for each of those that follow.
      em.clear();
    }
    return { applied: false, rows: rows.length, ...counts, errors, ignoredColumns };
  }
}

/** A refusal in the words of its line; anything else is no fault of the file's. */
function violationsOf(error: unknown, line: number): FieldViolation[] {
  if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
  const at = `/rows/${line}`;
  const errors = error instanceof ValidationFailed ? error.extras['errors'] : null;
  if (!Array.isArray(errors)) return [{ pointer: at, code: error.code, detail: error.detail }];
  return errors.map(({ pointer, code, detail }: FieldViolation) => ({
    ...{ pointer: `${at}${pointer}`, code, detail },
  }));
}
