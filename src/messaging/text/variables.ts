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

const NOT_FOR_STAFF: readonly TemplateVariable[] = ['refund', 'manageUrl'];
const WITHOUT_BOOKING: readonly TemplateVariable[] = ['name', 'firstName', 'address', 'business'];

/**
 * The variables a template called `name` may be published with, because a missing one would stop every message of its kind:
 * `refund` exists only where money goes back, a customer's link never goes to staff, and a welcome may follow a verified contact
 * without any booking. `address` is known only where the salon has set one, which is why no seed template uses it.
 */
export function variablesFor(name: TemplateName): readonly TemplateVariable[] {
  if (name === 'booking_cancelled_refund') return TEMPLATE_VARIABLES;
  if (name === 'welcome') return WITHOUT_BOOKING;
  const hidden = name.startsWith('staff_') ? NOT_FOR_STAFF : ['refund'];
  return TEMPLATE_VARIABLES.filter((variable) => !hidden.includes(variable));
}
