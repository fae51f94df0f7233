import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdsCardNumber } from '../../src/common/card-numbers.js';
import { CrashApp } from '../support/crash-app.js';
import { aStaffAccount } from '../support/factories.js';
import { aGuestBooking, aPaidService, moneyOf } from '../support/paying.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { freshDatabase, leave, testHome } from '../support/test-database.js';

const NOON = '2030-03-04T12:00:00-05:00';
const TWO = '2030-03-04T14:00:00-05:00';
const CARD = '4242 4242 4242 4242';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
}

/** Names of all fields of a schema, those of its parts included. */
function fieldsOf(document: { components: { schemas: Record<string, Schema> } }, schema: Schema): string[] {
  const named = schema.$ref ? document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
  const parts = [...(named?.allOf ?? []), ...(named?.items ? [named.items] : [])];
  const own = Object.entries(named?.properties ?? {});
  return [
    ...own.map(([name]) => name),
    ...own.flatMap(([, inner]) => fieldsOf(document, inner)),
    ...parts.flatMap((part) => fieldsOf(document, part)),
  ];
}

describe('money', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(() => app.timeIs('2030-03-01T15:00:00Z'));

  const paid = async (on = app, wishes: Parameters<typeof aPaidService>[1] = {}) => {
    const booking = await aGuestBooking(on, await aPaidService(on, wishes), NOON);
    const started = await on.as(booking.token).post(`/api/bookings/${booking.id}/payment`);
    await on.sandbox.pay({ bookingId: booking.id });
    await waitFor(async () => (await moneyOf(on, booking.id)).booking?.status === 'confirmed');
    return { ...booking, paymentId: String(started.body.paymentId), amount: started.body.amount };
  };

  it('has no amount, price or state that a customer could send', () => {
    const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
    const sent = Object.entries<
      Record<string, { requestBody?: { content: Record<string, { schema: Schema }> } }>
    >(document.paths)
      .filter(([path]) => path.startsWith('/api/'))
      .flatMap(([path, methods]) =>
        Object.values(methods).flatMap(({ requestBody }) =>
          Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
            fieldsOf(document, schema).map((name) => `${path} ${name}`),
          ),
        ),
      );
    expect(sent.length).toBeGreaterThan(10);
    expect(
      sent.filter((field) => / (amount|price|currency|total|status|paid|refund|discount|tip)/i.test(field)),
    ).toEqual([]);
  });

  it('given back in part does not stop a later move', async () => {
    const booking = await paid();
    const manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    const part = { amount: { amount: 2000, currency: 'USD' }, reason: 'The colour was not as wished' };
    const refund = await manager.post(`/admin/payments/${booking.paymentId}/refund`, part);
    expect([refund.status, refund.body.status]).toEqual([201, 'requested']);
    await waitFor(async () => (await moneyOf(app, booking.id)).refunds[0]?.state === 'succeeded');
    const moved = await app.as(booking.token).put(`/api/bookings/${booking.id}/reschedule`, { start: TWO });
    expect([moved.status, moved.body.paymentStatus]).toEqual([200, 'partially_refunded']);
    const quote = await manager.get(`/admin/payments/${booking.paymentId}/refund-quote`);
    expect(quote.body).toMatchObject({
      refundable: { amount: 6500 },
      byPolicy: { amount: 6500 },
      rule: 'tier',
    });
    const rest = await manager.post(`/admin/bookings/${booking.id}/cancel`, {
      reason: 'ill',
      onBehalfOf: 'customer',
    });
    expect(rest.body.refund.amount.amount).toBe(6500);
  });

  it.each([
    [{ amount: { amount: 8501, currency: 'USD' }, reason: 'x' }, 422],
    [{ amount: { amount: 0, currency: 'USD' }, reason: 'x' }, 422],
    [{ amount: { amount: 100, currency: 'EUR' }, reason: 'x' }, 422],
    [{ amount: { amount: 100, currency: 'USD' } }, 422],
  ])('is not given back as %j', async (wish, status) => {
    const booking = await paid();
    const manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    expect((await manager.post(`/admin/payments/${booking.paymentId}/refund`, wish)).status).toBe(status);
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    expect(
      (await reception.post(`/admin/payments/${booking.paymentId}/refund`, { reason: 'x' })).status,
    ).toBe(403);
    expect((await moneyOf(app, booking.id)).refunds).toEqual([]);
  });

  it.each([
    ['JPY', 8501, '¥8,501', 201],
    ['KWD', 8500, 'KWD 8.500', 422], // cards take no price whose third decimal is not 0
  ])(
    'in %s keeps its decimals, from the price to the text',
    async (currency, priceMinor, written, oddStatus) => {
      const abroad = await TestApp.start({ env: { CURRENCY: currency } });
      try {
        await abroad.timeIs('2030-03-01T15:00:00Z');
        const booking = await paid(abroad, { priceMinor });
        expect(booking.amount).toEqual({ amount: priceMinor, currency });
        const odd = {
          name: 'Odd',
          durationMinutes: 30,
          paymentPolicy: 'full',
          price: { amount: 8505, currency },
        };
        const manager = abroad.as((await aStaffAccount(abroad, { role: 'manager' })).token);
        expect((await manager.post('/admin/services', { ...odd, staffIds: [] })).status).toBe(oddStatus);
        const [at] = (await abroad.sandbox.state()).payments;
        expect(at).toMatchObject({
          amount: priceMinor,
          currency: currency.toLowerCase(),
          status: 'succeeded',
        });
        await waitFor(async () =>
          (await abroad.sandbox.state({ to: booking.phone })).sms.some(({ body }) =>
            body.includes(`Amount: ${written}.`),
          ),
        );
      } finally {
        await abroad.stop();
      }
    },
  );

  it('is here within two seconds of the provider’s word, for 19 of 20 payers', async () => {
    const waited = async ({ id, paymentId }: Awaited<ReturnType<typeof paid>>) => {
      const [row] = await app.sql<{ ms: number }>(
        `select (extract(epoch from pg_xact_commit_timestamp(e.xmin) - min(p.received_at)) * 1000)::float8 as ms
           from booking_event e, provider_event p, outbox_message o
          where e.booking_id = $1 and e.type = 'confirmed' and o.topic = 'payment.settle' and o.payload ->> 'paymentId' = $2
            and p.type = 'payment_intent.succeeded' and o.dedupe_key like '%' || p.event_id group by e.xmin`,
        [id, paymentId],
      );
      return row?.ms ?? Number.NaN;
    };
    const ofTwenty = async () => {
      const took: number[] = [];
      while (took.length < 20)
        took.push(...(await Promise.all((await Promise.all([paid(), paid()])).map(waited))));
      return took.toSorted((a, b) => a - b)[18];
    };
    // A machine that stands still for seconds spoils one measurement; what the app does slowly spoils all three.
    const measured: (number | undefined)[] = [];
    while (measured.length < 3 && !((measured.at(-1) ?? Infinity) < 2_000)) measured.push(await ofTwenty());
    expect(measured.at(-1)).toBeLessThan(2_000);
  }, 90_000);

  it('is told of by nobody else than the provider: what is forged or stale leaves a line in the audit log, and nothing else', async () => {
    const body = {
      ...{ id: 'evt_forged', object: 'event', type: 'payment_intent.succeeded', livemode: false, created: 1 },
      data: { object: { id: 'pi_forged', object: 'payment_intent', metadata: {} } },
    };
    for (const signature of ['', 't=1,v1=00', `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`]) {
      const refused = await app.as().post('/webhooks/stripe', body, { 'stripe-signature': signature });
      expect([refused.status, refused.body.code]).toEqual([400, 'event-unverified']);
    }
    const signedAgo = (seconds: number) => {
      const at = Math.floor(Date.now() / 1000) - seconds;
      const key = app.config.stripe.webhookSecrets[0] ?? '';
      return `t=${at},v1=${createHmac('sha256', key)
        .update(`${at}.${JSON.stringify(body)}`)
        .digest('hex')}`;
    };
    const send = async (seconds: number) =>
      (await app.as().post('/webhooks/stripe', body, { 'stripe-signature': signedAgo(seconds) })).body?.code;
    expect([await send(305), await send(200_000)]).toEqual(['event-unverified', 'event-unverified']);
    expect(await app.sql(`select 1 from provider_event where event_id = 'evt_forged'`)).toEqual([]);
    expect(await send(290)).not.toBe('event-unverified');
    const lines = await app.sql(`select details from audit_log where action = 'webhook.refused'`);
    expect(lines).toContainEqual({ details: { provider: 'stripe' } });
  });

  it('never comes with a card’s number: none gets in by any free text, and none is anywhere', async () => {
    const { serviceId, staffId } = await aPaidService(app);
    const body = { serviceId, staffId, start: NOON, customer: { name: 'Ada', phone: '+14155550132' } };
    const notes = await app.as().post('/api/bookings', { ...body, notes: `charge ${CARD}` });
    const name = await app
      .as()
      .post('/api/bookings', { ...body, customer: { ...body.customer, name: CARD } });
    expect([notes, name].map((answer) => [answer.status, answer.body.errors?.[0]?.code])).toEqual([
      [422, 'card-number'],
      [422, 'card-number'],
    ]);
    expect(notes.text).not.toMatch(/4242[ -]?4242/);
    // Names that a client makes up for a request are kept as well.
    const made = CARD.replaceAll(' ', '');
    for (const repeated of [false, true]) {
      const keyed = await app
        .as()
        .post('/api/bookings', { ...body, start: TWO }, { 'idempotency-key': made, 'x-request-id': made });
      expect([keyed.status, keyed.headers['idempotency-replayed'] === 'true']).toEqual([201, repeated]);
      expect(keyed.headers['x-request-id']).not.toBe(made);
    }
    const booking = await paid();
    const reason = await app.as(booking.token).post(`/api/bookings/${booking.id}/cancel`, { reason: CARD });
    expect([reason.status, reason.body.errors[0].pointer]).toEqual([422, '/reason']);
    await app.sandbox.inbound({ from: booking.phone, body: `take it from ${CARD} please` });
    await waitFor(
      async () =>
        (await app.sql(`select 1 from message where direction = 'in' and body like '%•••• 4242%'`)).length ===
        1,
    );
    const columns = await app.sql<{ table_name: string; column_name: string }>(
      `select c.table_name, c.column_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type in ('text', 'character varying', 'jsonb')`,
    );
    expect(columns.length).toBeGreaterThan(80);
    for (const { table_name, column_name } of columns) {
      const rows = await app.sql<{ text: string }>(
        `select "${column_name}"::text as text from "${table_name}" where "${column_name}" is not null`,
      );
      expect([table_name, column_name, rows.filter(({ text }) => holdsCardNumber(text))]).toEqual([
        table_name,
        column_name,
        [],
      ]);
    }
  });

  it('nor leaves one in the log, however much is logged and wherever somebody puts it', async () => {
    const database = await freshDatabase();
    const dataDir = join(testHome(), `cards-${process.pid}`);
    const talking = await CrashApp.start(database, dataDir, { LOG_LEVEL: 'debug' });
    try {
      const digits = CARD.replaceAll(' ', '');
      const card = { number: digits, 'card[number]': digits };
      const answers = await Promise.all([
        talking.post('/api/bookings', { notes: `charge ${digits}`, ...card }),
        talking.post(`/api/bookings/${digits}/payment?card=${digits}`, card, { 'idempotency-key': digits }),
        talking.post('/api/auth/login', { email: `${digits}@lawrei.example`, password: digits }),
        talking.post(`/${digits}`, card, {
          'x-request-id': digits,
          authorization: `Bearer ${digits}`,
        }),
        talking.post('/webhooks/stripe', card, { 'stripe-signature': digits }),
      ]);
      expect(answers.map((answer) => answer?.status)).toEqual([422, 401, 401, 404, 400]);
      await waitFor(async () => talking.output.split('"context":"Request"').length > answers.length);
      expect(talking.output.split('\n').filter(holdsCardNumber)).toEqual([]);
    } finally {
      await talking.stop();
      await leave(database);
    }
  }, 60_000);
});
