import type { Mutant } from './mutant.types.js';

const ISOLATION = ['test/e2e/isolation.e2e-spec.ts'];
const DOCUMENTS = ['test/e2e/openapi.e2e-spec.ts'];
const FENCES = ['test/campaigns/fences.int-spec.ts'];
const PORTAL = ['test/e2e/portal.e2e-spec.ts'];
const RULES = ['src/auth/access-rules.spec.ts'];

const access = (name: string, file: string, from: string, to: string): Mutant => ({
  name: `${name} is open to more than it says`,
  file,
  find: `@Access(${from})\n@Controller`,
  put: `@Access(${to})\n@Controller`,
  tests: DOCUMENTS,
});

/** The guard’s entries and rules. */
export const GUARD: readonly Mutant[] = [
  access('the card index', 'src/customers/customers-admin.controller.ts', `'reception'`, `'staff'`),
  access('the salon’s payments', 'src/payments/payments-admin.controller.ts', `'manager'`, `'staff'`),
  access('the list of accounts', 'src/auth/accounts-admin.controller.ts', `'owner'`, `'manager'`),
  access('the settings', 'src/business/settings.controller.ts', `'owner'`, `'manager'`),
  access('the dead effects', 'src/operations/outbox-admin.controller.ts', `'owner'`, `'reception'`),
  access('the audit log', 'src/audit/audit.controller.ts', `'owner'`, `'staff'`),
  access('the message log', 'src/messaging/messages-admin.controller.ts', `'reception'`, `'staff'`),
  access('privacy', 'src/privacy/privacy-admin.controller.ts', `'owner'`, `'manager'`),
  access('retention', 'src/privacy/retention.controller.ts', `'owner'`, `'manager'`),
  access('the calendars', 'src/calendar/calendar-connections.controller.ts', `'manager'`, `'staff'`),
  access('the portal', 'src/portal/portal.controller.ts', `'customer', 'reception'`, `'customer', 'staff'`),
  {
    name: 'the guard refuses nobody',
    file: 'src/auth/access.guard.ts',
    find: 'if (!mayCall(rules, actor)) throw await this.refusal(actor, request);',
    put: 'if (!mayCall(rules, actor)) await this.refusal(actor, request);',
    tests: ISOLATION,
  },
  {
    name: 'whoever lost the role may still finish connecting a calendar',
    file: 'src/calendar/calendar-consent.service.ts',
    find: `|| !atLeast(actor.role, 'manager')`,
    put: '',
    tests: ['test/e2e/calendar-consent.e2e-spec.ts'],
  },
  {
    name: 'a route without a rule does not stop the start',
    file: 'src/auth/route-policy.ts',
    find: 'if (open.length > 0)',
    put: 'if (open.length > 1_000)',
    tests: ['src/auth/route-policy.spec.ts'],
  },
  {
    name: 'a lower role is enough',
    file: 'src/common/actor.ts',
    find: 'STAFF_ROLES.indexOf(role) >= STAFF_ROLES.indexOf(needed)',
    put: 'STAFF_ROLES.indexOf(role) >= 0',
    tests: RULES,
  },
  {
    name: 'anybody counts as a customer',
    file: 'src/auth/access-rules.ts',
    find: `return actor.kind === 'customer';`,
    put: `return actor.kind !== 'public';`,
    tests: RULES,
  },
  {
    name: 'one may grant above one’s own role',
    file: 'src/auth/grant-rules.ts',
    find: `return actor.kind === 'staff' && atLeast(actor.role, role);`,
    put: `return actor.kind === 'staff';`,
    tests: ['src/auth/grant-rules.spec.ts'],
  },
];

/** Whose things they are: the actor in each *where*, fresh proofs. */
export const WHERE: readonly Mutant[] = [
  {
    name: 'bookings of any customer',
    file: 'src/bookings/booking.scope.ts',
    find: 'return { customerId: actor.customerId, ...since(actor.historyFrom) };',
    put: 'return {};',
    tests: FENCES,
  },
  {
    name: 'bookings of any guest',
    file: 'src/bookings/booking.scope.ts',
    find: 'return { id: actor.bookingId };',
    put: 'return {};',
    tests: FENCES,
  },
  {
    name: 'bookings of any calendar',
    file: 'src/bookings/booking.scope.ts',
    find: `return atLeast(actor.role, 'reception') ? {} : { resourceId: actor.resourceId ?? NOBODYS_ID };`,
    put: 'return {};',
    tests: ISOLATION,
  },
  {
    name: 'visits from before the number changed hands',
    file: 'src/bookings/booking.scope.ts',
    find: 'historyFrom ? { endsAt: { $gte: historyFrom } } : {}',
    put: '{}',
    tests: PORTAL,
  },
  {
    name: 'somebody else’s calendar may be filled',
    file: 'src/bookings/booking.scope.ts',
    find: `return actor.kind !== 'staff' || atLeast(actor.role, 'reception') || actor.resourceId === resourceId;`,
    put: 'return true;',
    tests: ISOLATION,
  },
  {
    name: 'payments of any guest',
    file: 'src/payments/payment.scope.ts',
    find: 'return { bookingId: actor.bookingId };',
    put: 'return {};',
    tests: FENCES,
  },
  {
    name: 'the portal of any customer',
    file: 'src/customers/customer.scope.ts',
    find: `return actor.kind === 'customer' ? actor.customerId : NOBODYS_ID;`,
    put: 'return null;',
    tests: FENCES,
  },
  {
    name: 'customer and booking of a path need not belong together',
    file: 'src/portal/portal-changes.service.ts',
    find: 'if (booking.customerId !== customerId) throw new NotFound();',
    put: '',
    tests: PORTAL,
  },
  {
    name: 'an export without a fresh proof',
    file: 'src/privacy/exports.service.ts',
    find: 'if (!actor.isFresh) throw new StepUpRequired();',
    put: '',
    tests: ['test/e2e/privacy-export.e2e-spec.ts'],
  },
  {
    name: 'an erasure without a fresh proof',
    file: 'src/privacy/erasures.service.ts',
    find: 'if (!actor.isFresh) throw new StepUpRequired();',
    put: '',
    tests: ['test/e2e/privacy-erasure.e2e-spec.ts'],
  },
  {
    name: 'whoever may not see a person may export them',
    file: 'src/privacy/exports.service.ts',
    find: 'if (!person || person.erased) throw new NotFound();',
    put: '',
    tests: FENCES,
  },
  {
    name: 'another contact without a fresh proof',
    file: 'src/auth/step-up.service.ts',
    find: 'if (!actor.isFresh || mayBeAnother) throw new StepUpRequired();',
    put: 'if (mayBeAnother) throw new StepUpRequired();',
    tests: ['test/e2e/portal-changes.e2e-spec.ts'],
  },
  {
    name: 'whoever got the number takes over the rest',
    file: 'src/auth/step-up.service.ts',
    find: 'if (!actor.isFresh || mayBeAnother) throw new StepUpRequired();',
    put: 'if (!actor.isFresh) throw new StepUpRequired();',
    tests: PORTAL,
  },
];
