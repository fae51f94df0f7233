import { auditActionsOf } from '../support/audit-trail.js';
import { brokenInvariants } from '../support/booking-invariants.js';
import { aStaffAccount } from '../support/factories.js';
import { aPayment } from '../support/payment-rows.js';
import { asGuestOf, bookAsGuest, openSalon } from '../support/salon.js';
import { TestApp, type Answer, type Caller } from '../support/test-app.js';

const NINE = '2030-03-04T09:00:00-05:00';
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('money taken at the salon', () => {
  let app: TestApp;
  let reception: Caller;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  afterAll(() => app.stop());
  beforeEach(() => app.timeIs('2030-03-01T14:00:00Z')); // a Friday, 09:00 in New York

  const booked = async (paymentPolicy: 'full' | 'deposit' | 'none' = 'full'): Promise<Answer> => {
    const answer = await bookAsGuest(app, await openSalon(app, { paymentPolicy }), NINE);
    if (answer.status !== 201) throw new Error(`no booking: ${answer.text}`);
    return answer;
  };
  const aBookingWith = async (policy: 'full' | 'deposit' | 'none') => String((await booked(policy)).body.id);
  const record = (id: string, body: object = { method: 'cash' }, headers?: Record<string, string>) =>
    reception.post(`/admin/bookings/${id}/record-payment`, body, headers);
  const bookingOf = async (id: string) => (await reception.get(`/admin/bookings/${id}`)).body;
  const promisesOf = async (id: string) => {
    const rows = await app.sql<{ topic: string }>(
      `select distinct topic from outbox_message where payload->>'bookingId' = $1 order by 1`,
      [id],
    );
    return rows.map(({ topic }) => topic).filter((topic) => topic !== 'booking.held');
  };
  const refusedWith = (answer: Answer) => [answer.status, answer.body.code];

  it('confirms a hold whose price it pays, with a receipt, in the commit that promises the messages', async () => {
    const id = await aBookingWith('full');

    const paid = await record(id);

    expect(paid.status).toBe(201);
    expect(paid.body).toEqual({
      ...{ id: expect.any(String), bookingId: id, purpose: 'full', provider: 'cash', way: null },
      ...{ amount: usd(8500), status: 'succeeded', surplus: false, refunded: usd(0), method: null },
      ...{
        errorCode: null,
        dispute: null,
        createdAt: expect.any(String),
        settledAt: paid.body.createdAt,
        refunds: [],
      },
      receiptNumber: expect.any(Number),
    });
    expect(await bookingOf(id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
    expect(await promisesOf(id)).toEqual(['booking.confirmed', 'payment.settled']);
    expect(await auditActionsOf(app, paid.body.id)).toEqual(['payment.recorded']);
    expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
  });

  it('takes the deposit first and the balance later, unless told otherwise', async () => {
    const id = await aBookingWith('deposit');

    const deposit = await record(id, { method: 'terminal' });

    expect(deposit.body).toMatchObject({ purpose: 'deposit', provider: 'terminal', amount: usd(1700) });
    expect(await bookingOf(id)).toMatchObject({ status: 'confirmed', paymentStatus: 'deposit_paid' });
    expect(await promisesOf(id)).toEqual(['booking.confirmed']);

    const balance = await record(id);

    expect(balance.body).toMatchObject({ purpose: 'balance', provider: 'cash', amount: usd(6800) });
    expect(balance.body.receiptNumber).toBe(deposit.body.receiptNumber + 1);
    expect(await bookingOf(id)).toMatchObject({ paymentStatus: 'paid' });
    expect(await promisesOf(id)).toEqual(['booking.confirmed', 'payment.settled']);

    const once = await record(id);

    expect(refusedWith(once)).toEqual([409, 'nothing-to-pay']);
    expect(await app.sql('select 1 from payment where booking_id = $1', [id])).toHaveLength(2);
  });

  it('takes all of it at once from who wants to pay more than the deposit', async () => {
    const id = await aBookingWith('deposit');
    const paid = await record(id, { method: 'cash', amount: usd(8500) });
    expect(paid.body).toMatchObject({ purpose: 'full', amount: usd(8500) });
    expect(await bookingOf(id)).toMatchObject({ status: 'confirmed', paymentStatus: 'paid' });
  });

  it('is possible after the visit, where nothing was due before', async () => {
    const id = await aBookingWith('none');
    await app.timeIs('2030-03-04T14:30:00Z');
    await reception.post(`/admin/bookings/${id}/complete`);
    expect((await record(id)).body).toMatchObject({ purpose: 'full', amount: usd(8500) });
    expect(await promisesOf(id)).toContain('payment.settled');
  });

  it.each([
    [usd(8501), '/amount/amount', 'more-than-open', 'must be $17.00 or $85.00: more than that is not open'],
    [usd(1699), '/amount/amount', 'in-parts', expect.stringContaining('must be $17.00 or $85.00')],
    [usd(0), '/amount/amount', 'in-parts', expect.anything()],
    [usd(-1), '/amount/amount', 'too-small', expect.anything()],
    [{ amount: 8500, currency: 'EUR' }, '/amount/currency', 'currency', expect.stringContaining('USD')],
    [{ amount: 8500 }, '/amount/currency', 'required', expect.anything()],
  ])('is no other amount than what is due or all that is open: %j is refused', async (amount, ...said) => {
    const id = await aBookingWith('deposit');
    const answer = await record(id, { method: 'cash', amount });
    const [pointer, code, detail] = said;
    expect(refusedWith(answer)).toEqual([422, 'validation-failed']);
    expect(answer.body.errors).toEqual([{ pointer, code, detail }]);
    expect(await bookingOf(id)).toMatchObject({ status: 'held', paymentStatus: 'unpaid' });
    expect(await app.sql('select 1 from payment where booking_id = $1', [id])).toEqual([]);
  });

  it.each(['stripe', 'iou', '', null])('comes in no other way: %j', async (method) => {
    const answer = await record(await aBookingWith('full'), { method });
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, '/method']);
  });

  it('comes too late for a hold that ran out, swept or not, and for what was cancelled', async () => {
    const [ranOut, swept, cancelled] = [
      await aBookingWith('full'),
      await aBookingWith('full'),
      await booked(),
    ];
    const guest = await asGuestOf(app, cancelled);
    await guest.post(`/api/bookings/${cancelled.body.id}/cancel`);
    await app.sql(`update booking set status = 'expired' where id = $1`, [swept]);
    await app.timeIs('2030-03-01T14:15:00Z');
    expect(refusedWith(await record(ranOut))).toEqual([409, 'hold-expired']);
    expect(refusedWith(await record(swept))).toEqual([409, 'hold-expired']);
    expect(refusedWith(await record(cancelled.body.id))).toEqual([409, 'invalid-transition']);
    expect(
      await app.sql('select 1 from payment where booking_id = any($1)', [[ranOut, swept, cancelled.body.id]]),
    ).toEqual([]);
  });

  it('can still pay what a higher price left open, as often as it rises', async () => {
    const id = await aBookingWith('full');
    await record(id);
    const raise = (amount: number) =>
      manager.put(`/admin/bookings/${id}/price`, { price: usd(amount), reason: 'longer hair' });
    await raise(9000);
    expect((await record(id)).body).toMatchObject({ purpose: 'balance', amount: usd(500) });
    await raise(9500);
    expect((await record(id)).body).toMatchObject({ purpose: 'balance', amount: usd(500) });
  });

  it('closes what the customer was asked to pay online', async () => {
    const id = await aBookingWith('full');
    const online = await aPayment(app, { bookingId: id, state: 'open' });
    await record(id);
    expect(await app.sql('select state from payment where id = $1', [online])).toEqual([
      { state: 'canceled' },
    ]);
    const orders = await app.sql(
      `select topic from outbox_message where topic = 'payment.abandon' and payload->>'paymentId' = $1`,
      [online],
    );
    expect(orders).toHaveLength(1);
  });

  it('is written down once, however often the button is pressed', async () => {
    const [keyed, raced] = [await aBookingWith('full'), await aBookingWith('full')];
    const key = { 'idempotency-key': `paid-${keyed}` };
    const [first, again] = [
      await record(keyed, { method: 'cash' }, key),
      await record(keyed, { method: 'cash' }, key),
    ];
    expect([again.status, again.body]).toEqual([201, first.body]);

    const race = await Promise.all([record(raced), record(raced), record(raced)]);

    expect(race.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    for (const id of [keyed, raced])
      expect(await app.sql('select 1 from payment where booking_id = $1', [id])).toHaveLength(1);
  });

  it('is taken by reception and above, for the booking they read', async () => {
    const booking = await booked();
    const id = String(booking.body.id);
    const staff = app.as((await aStaffAccount(app, { role: 'staff' })).token);
    const guest = await asGuestOf(app, booking);
    const body = { method: 'cash' };
    for (const caller of [staff, guest])
      expect(refusedWith(await caller.post(`/admin/bookings/${id}/record-payment`, body))).toEqual([
        403,
        'forbidden',
      ]);
    expect(refusedWith(await record(id, body, { 'if-match': '"99"' }))).toEqual([412, 'version-mismatch']);
    expect((await record(id, body, { 'if-match': '"1"' })).status).toBe(201);
  });
});
