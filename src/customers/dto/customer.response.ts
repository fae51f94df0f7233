import { Out } from '../../common/fields/response.fields.js';
import type { Customer } from '../entities/customer.entity.js';

/** A customer as staff see them. */
export class CustomerResponse {
  @Out.id() id!: string;
  @Out.text() name!: string;
  @Out.text({ nullable: true, example: '+15005550100' }) phone!: string | null;
  @Out.text({ nullable: true, example: 'ada@example.com' }) email!: string | null;
  @Out.bool({ description: 'The customer proved that the number is theirs' }) phoneVerified!: boolean;
  @Out.bool({ description: 'The customer proved that the address is theirs' }) emailVerified!: boolean;
  @Out.text({ nullable: true }) timeZone!: string | null;
  @Out.text() locale!: string;
  @Out.text({ nullable: true, description: 'For staff only' }) notes!: string | null;
  @Out.instant() createdAt!: string;
  @Out.int() version!: number;

  static from(row: Customer): CustomerResponse {
    return Object.assign(new CustomerResponse(), {
      id: row.id,
      name: row.name,
      phone: row.phone ?? null,
      email: row.email ?? null,
      phoneVerified: Boolean(row.phoneVerifiedAt),
      emailVerified: Boolean(row.emailVerifiedAt),
      timeZone: row.timeZone ?? null,
      locale: row.locale,
      notes: row.notes ?? null,
      createdAt: row.createdAt.toISOString(),
      version: row.version,
    });
  }
}
