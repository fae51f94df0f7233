import { MikroORM } from '@mikro-orm/postgresql';
import { aSession } from '../support/cast.js';
import { fullOf } from '../support/canary.js';
import { portal, somebody } from '../support/portal.js';
import { privacySalon } from '../support/privacy-salon.js';
import type { OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const NEVER = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';

/**
 * Words of or about the person, by table. A new column of text, of a day or of JSON is in none of the two lists, and fails the test
 * until somebody says which it is.
 */
const PERSONAL: Readonly<Record<string, readonly string[]>> = {
  customer: ['name', 'phone', 'email', 'birthday', 'timeZone', 'locale', 'notesToSalon'],
  booking: ['notes', 'cancelReason'],
  bookingEvent: ['before', 'after'],
  message: ['toAddress', 'subject', 'body'],
  payment: ['methodBrand', 'methodLast4'],
  receipt: ['facts'],
};
const NOT_PERSONAL: Readonly<Record<string, readonly string[]>> = {
  customer: ['notes', 'legalHold'],
  consent: ['purpose', 'textVersion', 'source', 'actorKind'],
  booking: [
    'reference',
    'serviceName',
    'status',
    'source',
    'paymentSignal',
    'currency',
    'paymentPolicy',
    'cancelledBy',
    'calendarEventId',
    'policySnapshot',
  ],
  bookingEvent: ['type', 'actorKind'],
  payment: [
    'purpose',
    'provider',
    'way',
    'currency',
    'state',
    'intentId',
    'sessionId',
    'chargeId',
    'strangeCurrency',
    'errorCode',
    'disputeState',
  ],
  refund: ['cause', 'causeKey', 'currency', 'state', 'providerId', 'reason', 'errorCode'],
  receipt: ['currency'],
  message: [
    'direction',
    'channel',
    'family',
    'class',
    'toHash',
    'dedupeKey',
    'state',
    'providerId',
    'bodyHash',
    'reason',
    'requestId',
  ],
  messageAttempt: ['channel', 'outcome', 'providerId'],
  session: ['kind'],
  manageLink: ['tokenHash'],
  erasureRequest: ['state', 'blockers', 'certificate'],
};

const snakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

describe('a customer’s data', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  beforeAll(async () => {
    ({ app, salon, owner } = await privacySalon());
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(() => app.stop());

  it('is told column by column: every text of a table with a customer is either theirs or not', () => {
    const tables = [...app.get(MikroORM).getMetadata().getAll().values()].filter(
      ({ className, props }) => className === 'Customer' || props.some(({ name }) => name === 'customerId'),
    );
    const texts = tables.flatMap(({ className, props }) =>
      props
        .filter(({ columnTypes }) => columnTypes?.some((type) => /^(varchar|text|json|date$)/.test(type)))
        .map(({ name }) => [`${className[0]?.toLowerCase()}${className.slice(1)}`, name] as const),
    );
    expect(texts.length).toBeGreaterThan(40);
    const isKnown = ([table, column]: (typeof texts)[number]) =>
      [...(PERSONAL[table] ?? []), ...(NOT_PERSONAL[table] ?? [])].includes(column);
    expect(texts.filter((text) => !isKnown(text))).toEqual([]);
    const there = new Set(texts.map(([table, column]) => `${table}.${column}`));
    const listed = [PERSONAL, NOT_PERSONAL].flatMap((list) =>
      Object.entries(list).flatMap(([table, columns]) => columns.map((column) => `${table}.${column}`)),
    );
    expect(listed.filter((column) => !there.has(column))).toEqual([]);
  });

  describe('is exported', () => {
    it('whole, with a fresh proof: every word of the customer is in it, and none of the staff', async () => {
      const ada = await fullOf(app, salon, 'Kanarie1');
      const { status, body, text } = await ada.caller.post(portal(ada.id, '/export'));
      expect([status, body.customerId]).toEqual([200, ada.id]);
      const tables: Record<string, Record<string, unknown>[]> = Object.assign(
        {},
        ...Object.values(body.sections),
      );
      const words = (table: string, column: string) => tables[table]?.map((row) => row[column]);
      expect(words('customer', 'name')).toContain('Kanarie1 Name');
      expect(words('customer', 'notes_to_salon')).toContain('Kanarie1 wish');
      expect(words('customer', 'email')).toContain(ada.email);
      expect(words('booking', 'notes')).toContain('Kanarie1 notes');
      expect(words('booking', 'cancel_reason')).toContain('Kanarie1 reason');
      expect(words('message', 'body')).toContain('Kanarie1 body');
      expect(words('message', 'to_address')).toContain(ada.phone);
      expect(words('payment', 'method_last4')).toContain('4711');
      const missing = Object.entries(PERSONAL).flatMap(([table, columns]) =>
        columns
          .map((column) => [snakeCase(table), snakeCase(column)] as const)
          .filter(([name, column]) => !tables[name]?.some((row) => column in row)),
      );
      expect(missing).toEqual([]);
      for (const table of ['consent', 'booking_event', 'refund', 'receipt', 'session', 'audit_log'])
        expect([table, (tables[table] ?? []).length > 0]).toEqual([table, true]);
      expect(text).not.toMatch(/Kanarie1 (staff|refund)|token_hash|legal_hold/);
    });

    it('to nobody else, nor without a fresh proof; the owner may on their behalf, and it is on record', async () => {
      const [ada, ben] = [await somebody(app, salon), await somebody(app, salon)];
      const stale = app.as(await aSession(app, { kind: 'customer', customerId: ada.id }));
      const answers = [
        await ben.caller.post(portal(ada.id, '/export')),
        await ben.caller.post(portal(NEVER, '/export')),
        await stale.post(portal(ada.id, '/export')),
        await owner.post(`/admin/privacy/export/${NEVER}`),
        await owner.post(`/admin/privacy/export/${ada.id}`),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 403, 404, 200]);
      const audited = await app.sql(
        `select 1 from audit_log where action = 'privacy.exported' and subject_id = $1`,
        [ada.id],
      );
      expect(audited).toHaveLength(1);
    });
  });
});
