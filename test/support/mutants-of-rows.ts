import type { Mutant } from './mutant.types.js';

const POLICIES = ['test/integration/policies.int-spec.ts'];

/** What keeps two from doing it at once, or one from doing it twice. */
export const LOCKS: readonly Mutant[] = [
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
    tests: ['test/e2e/http.e2e-spec.ts'],
  },
  {
    name: 'a key answers another request',
    file: 'src/http/idempotency.interceptor.ts',
    find: 'if (kept.request_hash !== requestHash) throw new IdempotencyKeyReused();',
    put: '',
    tests: ['test/e2e/http.e2e-spec.ts'],
  },
  {
    name: 'a change of what was changed meanwhile',
    file: 'src/bookings/booking-changes.service.ts',
    find: 'if (version !== null && booking.version !== version) throw new VersionMismatch();',
    put: '',
    tests: ['test/e2e/booking-races.e2e-spec.ts', 'test/e2e/bookings.e2e-spec.ts'],
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
    name: 'STOP is not heard',
    file: 'src/messaging/rules/consent.ts',
    find: `if (channel === 'sms' && optedOut) return 'opted-out';`,
    put: '',
    tests: ['src/messaging/rules/sendable.spec.ts'],
  },
  {
    name: 'STOP is not heard at the last moment',
    file: 'src/messaging/messaging.sql.ts',
    find: `(m.channel <> 'sms' or not exists (select 1 from opt_out o`,
    put: `(true or not exists (select 1 from opt_out o`,
    tests: ['test/integration/message-begin.int-spec.ts'],
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

/** What the database itself keeps to its owner. */
export const ROWS: readonly Mutant[] = [
  ...['customer', 'consent', 'manage_link', 'booking', 'message', 'message_attempt', 'booking_event'].map(
    (table) => policy(table, SCHEMA),
  ),
  ...['payment', 'refund', 'receipt'].map((table) => policy(table, PAYMENTS)),
  policy('erasure_request', 'migration-20261126185417-privacy.ts'),
];
