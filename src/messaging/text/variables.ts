import type { Money } from '../../common/money.js';
import type { TemplateName } from './families.js';

/** Variables that are amounts: they take `Money` and print with the symbol of their own currency. */
export const MONEY_VARIABLES = ['amount', 'balance', 'refund'] as const;
export type MoneyVariable = (typeof MONEY_VARIABLES)[number];

/** Every variable a template may name. */
export const TEMPLATE_VARIABLES = [
  'name',
  'firstName',
  'service',
  'staff',
  'date',
  'time',
  'endTime',
  'address',
  ...MONEY_VARIABLES,
  'manageUrl',
  'business',
  'when',
  'holdUntil',
  'alternatives',
  'code',
] as const;
export type TemplateVariable = (typeof TEMPLATE_VARIABLES)[number];

/** What the variables stand for in one message; texts are already in the reader's language and zone. */
export type TemplateValues = {
  readonly [V in TemplateVariable]?: (V extends MoneyVariable ? Money : string) | null | undefined;
};

export function isTemplateVariable(name: string): name is TemplateVariable {
  return TEMPLATE_VARIABLES.some((variable) => variable === name);
}

export function isMoneyVariable(name: string): name is MoneyVariable {
  return MONEY_VARIABLES.some((variable) => variable === name);
}

/** Known only to the templates that speak of them. */
const REFUND_KNOWN: readonly TemplateName[] = [
  'booking_cancelled_refund',
  'payment_late',
  'payment_late_alternatives',
  'payment_late_cancelled',
  'refund_succeeded',
  'refund_failed',
  'staff_payment_task',
];
const WITHOUT_BOOKING: readonly TemplateVariable[] = ['name', 'firstName', 'address', 'business'];
/** They go to a contact whose person may not be known. */
const TO_A_CONTACT: readonly TemplateVariable[] = ['address', 'business'];
const ABOUT_AN_ACCOUNT: readonly TemplateName[] = [
  'contact_changed',
  'contact_joined',
  'erasure_asked',
  'staff_calendar_broken',
];

/**
 * The variables a template called `name` may be published with, because a missing one would stop every message of its kind:
 * `refund` exists only where money goes back, `holdUntil` only while a booking is held, `alternatives` only where some were found,
 * a customer's link never goes to staff, and a welcome may follow a verified contact without any booking. `address` is known only where the salon has set one, which is why no seed template uses it.
 */
export function variablesFor(name: TemplateName): readonly TemplateVariable[] {
  if (name === 'welcome') return WITHOUT_BOOKING;
  if (name === 'one_time_code') return ['code', ...TO_A_CONTACT];
  if (ABOUT_AN_ACCOUNT.includes(name)) return TO_A_CONTACT;
  const hidden: readonly (TemplateVariable | false)[] = [
    !REFUND_KNOWN.includes(name) && 'refund',
    name.startsWith('staff_') && 'manageUrl',
    name !== 'booking_held' && 'holdUntil',
    name !== 'payment_late_alternatives' && 'alternatives',
    'code',
  ];
  return TEMPLATE_VARIABLES.filter((variable) => !hidden.includes(variable));
}
