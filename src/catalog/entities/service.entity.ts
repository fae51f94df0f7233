import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import type { ServiceChange } from '../catalog.types.js';

export const PAYMENT_POLICIES = ['full', 'deposit', 'none'] as const;
/** What must be paid before a booking is confirmed. */
export type PaymentPolicy = (typeof PAYMENT_POLICIES)[number];

/** Longest service or visit in minutes; the database refuses anything beyond. */
export const LONGEST_SERVICE_MINUTES = 720;

const ServiceSchema = defineEntity({
  name: 'Service',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    name: p.string().length(120),
    description: p.string().length(2000).default(''),
    durationMinutes: p.integer(),
    bufferBeforeMinutes: p.integer().default(0),
    bufferAfterMinutes: p.integer().default(0),
    stepMinutes: p.integer().default(30),
    priceMinor: p.integer(),
    currency: p.string().length(3),
    paymentPolicy: p.enum(PAYMENT_POLICIES).default('full'),
    depositPercent: p.integer().nullable(),
    depositMinor: p.integer().nullable(),
    active: p.boolean().default(true),
    createdAt: p.datetime(3).defaultRaw('now()'),
    version: p.integer().version(),
  },
  indexes: [
    {
      name: 'service_name_unique',
      expression: 'create unique index service_name_unique on service (lower(name)) where active',
    },
    { name: 'service_created', properties: ['createdAt', 'id'] },
  ],
  checks: [
    {
      name: 'service_duration_in_bounds',
      expression: `duration_minutes between 5 and ${LONGEST_SERVICE_MINUTES}`,
    },
    {
      name: 'service_buffers_in_bounds',
      expression: 'buffer_before_minutes between 0 and 240 and buffer_after_minutes between 0 and 240',
    },
    { name: 'service_step_in_bounds', expression: 'step_minutes between 5 and 240' },
    { name: 'service_price_not_negative', expression: 'price_minor >= 0' },
    {
      name: 'service_deposit_fits_policy',
      expression: `(payment_policy = 'deposit') = (num_nonnulls(deposit_percent, deposit_minor) = 1) and (deposit_percent is null or deposit_percent between 1 and 100) and (deposit_minor is null or deposit_minor between 1 and price_minor)`,
    },
  ],
});

/** Something the salon sells: how long it takes, what it costs, what must be paid before it is confirmed. */
export class Service extends ServiceSchema.class {
  /** Takes over what is named. A policy other than `deposit` ends the deposit, unless one is named with it. */
  change({ price, deposit, staffIds: _, ...fields }: ServiceChange): void {
    const policyEndsDeposit = fields.paymentPolicy !== undefined && fields.paymentPolicy !== 'deposit';
    const named = deposit === undefined && policyEndsDeposit ? null : deposit;
    for (const [name, value] of Object.entries(fields))
      if (value !== undefined) Object.assign(this, { [name]: value });
    if (price !== undefined) this.priceMinor = price.amount;
    if (named === undefined) return;
    this.depositPercent = named?.percent ?? null;
    this.depositMinor = named?.amount ?? null;
  }

  /** Whether policy and deposit agree, as `service_deposit_fits_policy` demands. */
  hasFittingDeposit(): boolean {
    const parts = [this.depositPercent ?? null, this.depositMinor ?? null].filter(
      (part) => part !== null,
    ).length;
    if (this.paymentPolicy !== 'deposit') return parts === 0;
    return parts === 1 && (this.depositMinor ?? 1) <= this.priceMinor;
  }
}
ServiceSchema.setClass(Service);
