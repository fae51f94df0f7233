import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { AuditLog } from '../audit/audit.service.js';
import { BusinessService } from '../business/business.service.js';
import type { StaffActor } from '../common/actor.js';
import { FieldRefused } from '../common/domain-error.js';
import { formatWithOffset } from '../common/time/format.js';
import { dayBounds } from '../common/time/zoned-time.js';
import { Database } from '../database/database.service.js';
import { run, type Statement } from '../database/statement.js';
import type { BookingsExportQuery } from './dto/export.request.js';
import { BOOKINGS_PAGE, CUSTOMERS_PAGE } from './transfer.sql.js';

const PAGE = 1_000;
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const CUSTOMER_COLUMNS = [
  'id',
  'name',
  'phone',
  'email',
  'phoneVerified',
  'emailVerified',
  'timeZone',
  'locale',
  'birthday',
  'notes',
  'createdAt',
];
const BOOKING_COLUMNS = [
  'id',
  'reference',
  'status',
  'start',
  'end',
  'service',
  'staff',
  'customerId',
  'customerName',
  'customerPhone',
  'customerEmail',
  'totalMinor',
  'paidMinor',
  'refundedMinor',
  'currency',
  'source',
  'notes',
];

type Row = Record<string, unknown>;

interface BookingRecord extends Row {
  id: string;
  starts_ms: number;
  ends_ms: number;
}

/** Everything the salon may take along, as files that `imports` reads again. Read page by page: a long file holds up nobody. */
@Injectable()
export class DataExports {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly audit: AuditLog,
  ) {}

  /** Customers who were neither merged nor erased, oldest first. */
  async customers(actor: StaffActor): Promise<Readable> {
    await this.note(actor, 'customers.exported');
    return Readable.from(
      this.lines(CUSTOMER_COLUMNS, (last: { id: string } | null) =>
        this.page<{ id: string }>(actor, CUSTOMERS_PAGE, [last?.id ?? LOWEST_ID, PAGE]),
      ),
    );
  }

  /** Bookings of all states by start; times on the salon's clock. Throws FieldRefused for days the wrong way round. */
  async bookings(actor: StaffActor, { from, to }: BookingsExportQuery): Promise<Readable> {
    if (from && to && to < from) throw new FieldRefused('/to', 'range', 'must not lie before from');
    const zone = await this.note(actor, 'bookings.exported');
    const range = [
      from === undefined ? null : dayBounds(from, zone).start,
      to === undefined ? null : dayBounds(to, zone).end,
    ];
    const clock = (ms: number) => formatWithOffset(new Date(ms), zone);
    const shown = (row: BookingRecord) => ({ ...row, start: clock(row.starts_ms), end: clock(row.ends_ms) });
    return Readable.from(
      this.lines(
        BOOKING_COLUMNS,
        (last: BookingRecord | null) => {
          const after = last === null ? ['-infinity', LOWEST_ID] : [new Date(last.starts_ms), last.id];
          return this.page<BookingRecord>(actor, BOOKINGS_PAGE, [...range, ...after, PAGE]);
        },
        shown,
      ),
    );
  }

  /** Writes down who took what along; gives the salon's zone. */
  private note(actor: StaffActor, action: string): Promise<string> {
    return this.database.transact(actor, async (em) => {
      await this.audit.record(em, actor, { action });
      return (await this.business.get(em)).timeZone;
    });
  }

  private page<T>(actor: StaffActor, statement: Statement, values: readonly unknown[]): Promise<T[]> {
    return this.database.transact(actor, (em) => run<T>(em, statement, values));
  }

  /** A cell that a spreadsheet would run as a formula is shown as text. */
  private async *lines<T extends Row>(
    columns: readonly string[],
    read: (last: T | null) => Promise<T[]>,
    shown: (row: T) => Row = (row) => row,
  ): AsyncGenerator<string> {
    const how = {
      columns: [...columns],
      escape_formulas: true,
      record_delimiter: 'windows',
      cast: { boolean: String },
    } as const;
    yield stringify([], { ...how, header: true });
    for (let rows = await read(null); rows.length > 0; rows = await read(rows.at(-1) ?? null))
      yield stringify(rows.map(shown), how);
  }
}
