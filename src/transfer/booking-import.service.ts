import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { BookedFor, BookCommand } from '../bookings/booking-command.types.js';
import { BookingCreation } from '../bookings/booking-creation.service.js';
import { BusinessService } from '../business/business.service.js';
import type { StaffActor } from '../common/actor.js';
import { FieldRefused } from '../common/domain-error.js';
import { isLocalDate, isLocalTime, minutesOfTime } from '../common/time/local-date.js';
import { parseInstant } from '../common/time/parse-instant.js';
import { instantOf, localDateOf, minuteOfDay } from '../common/time/zoned-time.js';
import { checked } from '../common/validation.js';
import { CustomersService } from '../customers/customers.service.js';
import { run } from '../database/statement.js';
import { BookingRow } from './dto/import.request.js';
import { ImportRun } from './import-run.js';
import type { Cells, ImportReport } from './import.types.js';
import { NAMES, SAME_BOOKING } from './transfer.sql.js';

const COLUMNS = [
  'customerName',
  'customerPhone',
  'customerEmail',
  'service',
  'staff',
  'start',
  'status',
  'notes',
];
const MOST_ROWS = 500;
/** As our own exports say it; another system's file need not say. */
const STANDS = ['confirmed', 'held'];
const IS_OVER = ['completed', 'no_show', 'cancelled', 'expired'];
const REASON = 'Brought in from a file';
const LICENCE = { waiveReason: REASON, overrideReason: REASON, isImport: true };
const LOCAL = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)$/;

interface Named {
  readonly kind: 'service' | 'staff';
  readonly id: string;
  readonly name: string;
}

/**
 * Appointments out of another system's file. Each is booked as reception would: hours and notice are no obstacle, taken time is. Nothing
 * has to be paid for it here, and nobody is told of it; reminders come as for any other.
 */
@Injectable()
export class BookingImport {
  constructor(
    private readonly imports: ImportRun,
    private readonly creation: BookingCreation,
    private readonly customers: CustomersService,
    private readonly business: BusinessService,
  ) {}

  /** A customer's booking of the same service and start is known already. Throws ValidationFailed. */
  of(actor: StaffActor, csv: string, dryRun: boolean): Promise<ImportReport> {
    return this.imports.of(actor, csv, dryRun, {
      action: 'bookings.imported',
      columns: COLUMNS,
      required: ['customerName', 'service', 'start'],
      most: MOST_ROWS,
      bring: (em, cells) => this.bring(em, actor, cells),
    });
  }

  private async bring(em: EntityManager, actor: StaffActor, cells: Cells): Promise<'created' | 'skipped'> {
    const row = checked(BookingRow, cells);
    if (!isToCome(row.status)) return 'skipped';
    if (!row.customerPhone && !row.customerEmail)
      throw new FieldRefused('/customerPhone', 'contact', 'give a phone or an e-mail');
    const names = await run<Named>(em, NAMES);
    const { timeZone } = await this.business.get(em);
    const command: BookCommand = {
      serviceId: idOf(names, 'service', row.service),
      staffId: row.staff === undefined ? null : idOf(names, 'staff', row.staff),
      start: startOf(row.start, timeZone),
      notes: row.notes ?? null,
      consents: {},
    };
    const person = {
      name: row.customerName,
      phone: row.customerPhone ?? null,
      email: row.customerEmail ?? null,
    };
    const known = await this.customers.known(em, person);
    if (known && (await this.isBooked(em, known, command))) return 'skipped';
    const bookedFor: BookedFor = known
      ? { customerId: known }
      : { guest: { ...person, timeZone: null, locale: null } };
    await this.creation.bookAsStaff(actor, bookedFor, command, LICENCE);
    return 'created';
  }

  private async isBooked(
    em: EntityManager,
    customerId: string,
    { serviceId, start }: BookCommand,
  ): Promise<boolean> {
    return (await run(em, SAME_BOOKING, [customerId, serviceId, start])).length > 0;
  }
}

/** Words of another system might mean anything. */
function isToCome(status: string | undefined): boolean {
  if (status === undefined || STANDS.includes(status)) return true;
  if (IS_OVER.includes(status)) return false;
  throw new FieldRefused('/status', 'one-of', `must be one of: ${[...STANDS, ...IS_OVER].join(', ')}`);
}

/** By id, or by a name that only one has. */
function idOf(names: readonly Named[], kind: Named['kind'], text: string): string {
  const ofKind = names.filter((named) => named.kind === kind);
  const meant = ofKind.filter(
    ({ id, name }) => id === text.toLowerCase() || name.toLowerCase() === text.toLowerCase(),
  );
  const [only] = meant;
  if (!only) throw new FieldRefused(`/${kind}`, 'unknown', 'is not in the catalogue; give a name or an id');
  if (meant.length > 1)
    throw new FieldRefused(`/${kind}`, 'ambiguous', 'is the name of several; give the id');
  return only.id;
}

/** An instant with its offset, or a date and time on the salon's clock that the clock really showed. */
function startOf(text: string, zone: string): Date {
  const instant = parseInstant(text) ?? localStart(text, zone);
  if (instant) return instant;
  const detail = 'must be like 2030-03-05 14:30 on the salon’s clock, or carry its offset';
  throw new FieldRefused('/start', 'instant', detail);
}

function localStart(text: string, zone: string): Date | null {
  const [, date = '', time = ''] = LOCAL.exec(text) ?? [];
  if (!isLocalDate(date) || !isLocalTime(time)) return null;
  const instant = instantOf(date, time, zone);
  const isShown = localDateOf(instant, zone) === date && minuteOfDay(instant, zone) === minutesOfTime(time);
  return isShown ? instant : null;
}
