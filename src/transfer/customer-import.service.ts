import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../common/actor.js';
import { FieldRefused } from '../common/domain-error.js';
import { checked } from '../common/validation.js';
import { CustomersService } from '../customers/customers.service.js';
import { CreateCustomerRequest } from '../customers/dto/customer.request.js';
import { ImportRun } from './import-run.js';
import type { ImportReport } from './import.types.js';

const COLUMNS = ['name', 'phone', 'email', 'timeZone', 'locale', 'notes'];
const MOST_ROWS = 2_000;

/** People out of another system's file. Their contacts count as unverified until they prove them. */
@Injectable()
export class CustomerImport {
  constructor(
    private readonly imports: ImportRun,
    private readonly customers: CustomersService,
  ) {}

  /** Somebody with that name and one of those contacts is known already. Throws ValidationFailed. */
  of(actor: StaffActor, csv: string, dryRun: boolean): Promise<ImportReport> {
    return this.imports.of(actor, csv, dryRun, {
      action: 'customers.imported',
      columns: COLUMNS,
      required: ['name'],
      most: MOST_ROWS,
      bring: async (em, cells) => {
        const person = checked(CreateCustomerRequest, cells);
        if (!person.phone && !person.email)
          throw new FieldRefused('/phone', 'contact', 'give a phone or an e-mail');
        if (await this.customers.known(em, person)) return 'skipped';
        await this.customers.create(actor, person);
        return 'created';
      },
    });
  }
}
