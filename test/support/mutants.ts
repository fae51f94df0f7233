/** One fence taken away: an exact piece of the source, what stands there instead, and the tests that must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly put: string;
  readonly tests: readonly string[];
}

const ISOLATION = ['test/e2e/isolation.e2e-spec.ts'];
const FENCES = ['test/campaigns/fences.int-spec.ts'];
const TOKENS = ['test/e2e/auth-tokens.e2e-spec.ts'];
const CODES = ['test/e2e/customer-sign-in.e2e-spec.ts'];
const PORTAL = ['test/e2e/portal.e2e-spec.ts'];
const RULES = ['src/auth/access-rules.spec.ts'];
const POLICIES = ['test/integration/policies.int-spec.ts'];

const access = (name: string, file: string, from: string, to: string, tests = ISOLATION): Mutant => ({
  name: `${name} is open to more than it says`,
  file,
  find: `@Access(${from})\n@Controller`,
  put: `@Access(${to})\n@Controller`,
  tests,
});

const GUARD: readonly Mutant[] = [
  access('the card index', 'src/customers/customers-admin.controller.ts', `'reception'`, `'staff'`),
  access('the salon’s payments', 'src/payments/payments-admin.controller.ts', `'manager'`, `'staff'`),
  access('the list of accounts', 'src/auth/accounts-admin.controller.ts', `'owner'`, `'manager'`),
  access('the settings', 'src/business/settings.controller.ts', `'owner'`, `'manager'`),
  access('the dead effects', 'src/operations/outbox-admin.controller.ts', `'owner'`, `'reception'`),
  access('the audit log', 'src/audit/audit.controller.ts', `'owner'`, `'staff'`),
  access('the message log', 'src/messaging/messages-admin.controller.ts', `'reception'`, `'staff'`),
  access('privacy', 'src/privacy/privacy-admin.controller.ts', `'owner'`, `'manager'`),
  access(
    'the portal',
    'src/portal/portal.controller.ts',
    `'customer', 'reception'`,
    `'customer', 'staff'`,
    PORTAL,
  ),
  {
    name: 'the guard refuses nobody',
    file: 'src/auth/access.guard.ts',
    find: 'if (!mayCall(rules, actor)) throw await this.refusal(actor, request);',
    put: 'if (!mayCall(rules, actor)) await this.refusal(actor, request);',
    tests: ISOLATION,
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

const WHERE: readonly Mutant[] = [
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
    find: `return atLeast(actor.role, 'reception') ? {} : { resourceId: actor.resourceId ?? NOBODYS };`,
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
    find: `return { id: actor.kind === 'customer' ? actor.customerId : NOBODYS };`,
    put: 'return {};',
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

const SESSIONS: readonly Mutant[] = [
  ['revoked sessions', 's.revoked_at is null and s.expires_at > now()\n', 's.expires_at > now()\n', TOKENS],
  [
    'expired sessions',
    's.revoked_at is null and s.expires_at > now()\n',
    's.revoked_at is null\n',
    ISOLATION,
  ],
  ['disabled accounts', `'staff' then a.disabled_at is null`, `'staff' then true`, ISOLATION],
  [
    'erased and merged customers',
    `'customer' then c.erased_at is null and c.merged_into_id is null`,
    `'customer' then true`,
    ISOLATION,
  ],
  [
    'revoked links',
    `'guest' then l.revoked_at is null and l.expires_at > app_now()`,
    `'guest' then l.expires_at > app_now()`,
    ['test/e2e/manage-links.e2e-spec.ts'],
  ],
  [
    'links of appointments that are over',
    `'guest' then l.revoked_at is null and l.expires_at > app_now()`,
    `'guest' then l.revoked_at is null`,
    ['test/e2e/manage-links.e2e-spec.ts'],
  ],
].map(([what, find, put, tests]) => ({
  name: `${String(what)} go on`,
  file: 'src/auth/auth.sql.ts',
  find: String(find),
  put: String(put),
  tests: tests as string[],
}));

const SECRETS: readonly Mutant[] = [
  {
    name: 'a token of another type',
    file: 'src/auth/access-tokens.ts',
    find: `header['alg'] === ALGORITHM && header['typ'] === TYPE && header['crit'] === undefined`,
    put: `header['alg'] === ALGORITHM && header['crit'] === undefined`,
    tests: TOKENS,
  },
  {
    name: 'a token with a critical extension',
    file: 'src/auth/access-tokens.ts',
    find: `header['typ'] === TYPE && header['crit'] === undefined`,
    put: `header['typ'] === TYPE`,
    tests: TOKENS,
  },
  {
    name: 'a token of another issuer',
    file: 'src/auth/access-tokens.ts',
    find: '        issuer: this.config.publicUrl,\n        audience: AUDIENCE,\n        maxAge',
    put: '        audience: AUDIENCE,\n        maxAge',
    tests: TOKENS,
  },
  {
    name: 'a token for another audience',
    file: 'src/auth/access-tokens.ts',
    find: '        audience: AUDIENCE,\n        maxAge',
    put: '        maxAge',
    tests: TOKENS,
  },
  {
    name: 'a token that is older than it may be',
    file: 'src/auth/access-tokens.ts',
    find: '        maxAge: ACCESS_TOKEN_SECONDS,\n',
    put: '',
    tests: TOKENS,
  },
  {
    name: 'a token that is not issued yet',
    file: 'src/auth/access-tokens.ts',
    find: `if (typeof iat !== 'number' || iat > latest) throw new Unauthenticated();`,
    put: '',
    tests: TOKENS,
  },
  {
    name: 'a token about somebody else than its session',
    file: 'src/auth/sessions.service.ts',
    find: 'row.kind !== claims.kind || row.subject !== claims.sub',
    put: 'row.kind !== claims.kind',
    tests: TOKENS,
  },
  {
    name: 'a refresh token twice',
    file: 'src/auth/refresh-tokens.ts',
    find: 'if (row.used && !(await this.mayRepeat(em, row, successor))) return this.endStolen(em, row);',
    put: '',
    tests: TOKENS,
  },
  {
    name: 'passwords may be guessed without end',
    file: 'src/auth/sign-in.service.ts',
    find: 'blocksFrom: 5 }',
    put: 'blocksFrom: 5_000_000 }',
    tests: ['test/e2e/sign-in.e2e-spec.ts'],
  },
  {
    name: 'a code twice',
    file: 'src/auth/codes.sql.ts',
    find: 'where id = $1 and used_at is null returning id)',
    put: 'where id = $1 returning id)',
    tests: CODES,
  },
  {
    name: 'a code of any purpose, in any session',
    file: 'src/auth/codes.sql.ts',
    find: 'where id = $1 and purpose = $2 and session_id is not distinct from $3::uuid and used_at',
    put: 'where id = $1 and $2::text is not null and ($3::uuid is null or true) and used_at',
    tests: CODES,
  },
  {
    name: 'a code that is too old',
    file: 'src/auth/codes.sql.ts',
    find: 'and used_at is null and expires_at > now()\n      and tries < 5',
    put: 'and used_at is null\n      and tries < 5',
    tests: CODES,
  },
  {
    name: 'codes without a limit',
    file: 'src/auth/codes.sql.ts',
    find: `created_at > at - interval '10 minutes') < $9::int`,
    put: `created_at > at - interval '10 minutes') < 1_000 + $9::int`,
    tests: CODES,
  },
  {
    name: 'codes are counted without their lock',
    file: 'src/auth/codes.sql.ts',
    find: `'select pg_advisory_xact_lock(hashtextextended($1, 43))',`,
    put: `'select hashtextextended($1, 43)',`,
    tests: CODES,
  },
  {
    name: 'Twilio without a signature',
    file: 'src/sms/twilio-sms.gateway.ts',
    find: 'return sdk.validate(authToken, signature, this.config.publicUrl + originalUrl, { ...form });',
    put: 'return sdk !== null;',
    tests: ['test/e2e/sms-webhooks.e2e-spec.ts'],
  },
  {
    name: 'Stripe long after its signature',
    file: 'src/payments/stripe.gateway.ts',
    find: 'constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS)',
    put: 'constructEvent(rawBody, signature, secret, TOLERANCE_SECONDS * 1_000)',
    tests: ['test/e2e/payments-rules.e2e-spec.ts'],
  },
];

const LOCKS: readonly Mutant[] = [
  {
    name: 'a customer’s bookings are counted without locking them',
    file: 'src/bookings/booking-creation.sql.ts',
    find: 'merged_into_id is null and erased_at is null for no key update',
    put: 'merged_into_id is null and erased_at is null',
    tests: ['test/e2e/customer-bookings.e2e-spec.ts'],
  },
  {
    name: 'a guest’s bookings are counted without locking the contact',
    file: 'src/scheduling/resource-locks.sql.ts',
    find: 'pg_advisory_xact_lock(hashtextextended(contact, 1))',
    put: 'hashtextextended(contact, 1)',
    tests: ['test/e2e/booking-rules.e2e-spec.ts'],
  },
  {
    name: 'one key may run twice at once',
    file: 'src/http/idempotency.interceptor.ts',
    find: 'if (!claim?.got) throw new IdempotencyInProgress();',
    put: 'if (!claim) throw new IdempotencyInProgress();',
    tests: ['test/e2e/protocol.e2e-spec.ts', 'test/e2e/bookings.e2e-spec.ts'],
  },
  {
    name: 'a key answers another request',
    file: 'src/http/idempotency.interceptor.ts',
    find: 'if (kept.request_hash !== requestHash) throw new IdempotencyKeyReused();',
    put: '',
    tests: ['test/e2e/protocol.e2e-spec.ts', 'test/e2e/bookings.e2e-spec.ts'],
  },
  {
    name: 'a change of what was changed meanwhile',
    file: 'src/bookings/booking-changes.service.ts',
    find: 'if (version !== null && booking.version !== version) throw new VersionMismatch();',
    put: '',
    tests: ['test/e2e/booking-changes.e2e-spec.ts'],
  },
  {
    name: 'two bookings may overlap',
    file: 'src/database/migrations/migration-20261123000002-schema.ts',
    find: 'exclude using gist (resource_id with =, during with &&) where (active)',
    put: 'exclude using gist (id with =, during with &&) where (active)',
    tests: ['test/integration/constraints-bookings.int-spec.ts'],
  },
  {
    name: 'two wishes to be forgotten at once',
    file: 'src/database/migrations/migration-20261126185417-privacy.ts',
    find: `create unique index erasure_request_one_open on erasure_request (customer_id)`,
    put: `create index erasure_request_one_open on erasure_request (customer_id)`,
    tests: ['test/e2e/privacy-erasure.e2e-spec.ts'],
  },
  {
    name: 'what was agreed to may be altered',
    file: 'src/database/migrations/migration-20261123000003-rules.ts',
    find: 'this.addSql(`revoke update, delete, truncate on ${table} from lawrei_app`);',
    put: '',
    tests: ['test/integration/constraints-catalog.int-spec.ts'],
  },
  {
    name: 'STOP is not heard at the last moment',
    file: 'src/messaging/messaging.sql.ts',
    find: `and (m.channel <> 'sms' or not exists (select 1 from opt_out o`,
    put: `and (true or not exists (select 1 from opt_out o`,
    tests: ['test/integration/messaging-once.int-spec.ts', 'test/e2e/message-races.e2e-spec.ts'],
  },
];

const policy = (table: string, file: string): Mutant => ({
  name: `${table} is everybody’s to the database`,
  file: `src/database/migrations/${file}`,
  find: `create policy "${table}_own_rows" on "${table}" using (`,
  put: `create policy "${table}_own_rows" on "${table}" using (true or `,
  tests: POLICIES,
});
const SCHEMA = 'migration-20261123000002-schema.ts';
const PAYMENTS = 'migration-20261125225958-payments.ts';

const ROWS: readonly Mutant[] = [
  ...['customer', 'consent', 'manage_link', 'booking', 'message', 'message_attempt', 'booking_event'].map(
    (table) => policy(table, SCHEMA),
  ),
  ...['payment', 'refund', 'receipt'].map((table) => policy(table, PAYMENTS)),
  policy('erasure_request', 'migration-20261126185417-privacy.ts'),
];

/** Every fence of the product, one by one. */
export const MUTANTS: readonly Mutant[] = [...GUARD, ...WHERE, ...SESSIONS, ...SECRETS, ...LOCKS, ...ROWS];
