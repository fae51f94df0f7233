import { newId } from '../../src/common/ids.js';
import { aBooking, aGuest, aStaffAccount, type MadeBooking } from '../support/factories.js';
import { aPayment, aReceipt, aRefund } from '../support/payment-rows.js';
import { pdfText } from '../support/pdf-text.js';
import { aSession } from '../support/cast.js';
import { TestApp, type Caller } from '../support/test-app.js';

const START = '2030-03-04T09:00:00-05:00';
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('payments and their receipts', () => {
  let app: TestApp;
  let reception: Caller;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  afterAll(() => app.stop());
  beforeEach(() => app.timeIs('2030-03-01T14:00:00Z'));

  const customerOf = async ({ customerId }: MadeBooking) =>
    app.as(await aSession(app, { kind: 'customer', customerId }));
  const guestOf = async ({ id, customerId }: MadeBooking) =>
    app.as((await aGuest(app, { bookingId: id, customerId })).token);

  it('are shown to the customer and the guest with what went back, but not with the words of the staff', async () => {
    const booking = await aBooking(app, { startsAt: START });
    const id = await aPayment(app, { bookingId: booking.id, refundedMinor: 500 });
    const refundId = await aRefund(app, { paymentId: id, reason: 'she was rude' });
    const number = await aReceipt(app, id);

    const shown = await (await customerOf(booking)).get(`/api/payments/${id}`);

    expect(shown.status).toBe(200);
    expect(shown.headers['cache-control']).toBe('private, no-store');
    expect(shown.body).toEqual({
      ...{ id, bookingId: booking.id, purpose: 'full', provider: 'stripe', way: 'intent' },
      ...{
        amount: usd(8500),
        status: 'succeeded',
        surplus: false,
        refunded: usd(500),
        errorCode: null,
        dispute: null,
      },
      ...{ method: { brand: 'visa', last4: '4242' }, receiptNumber: number },
      ...{ createdAt: expect.any(String), settledAt: expect.any(String) },
      refunds: [
        {
          ...{ id: refundId, cause: 'staff', amount: usd(500), status: 'pending', reason: null },
          ...{ requestedAt: expect.any(String), settledAt: null, expectedArrival: '5–10 business days' },
        },
      ],
    });
    expect((await (await guestOf(booking)).get(`/api/payments/${id}`)).body).toEqual(shown.body);
    const forStaff = await manager.get(`/admin/payments/${id}`);
    expect(forStaff.body.refunds[0].reason).toBe('she was rude');
  });

  it.each([
    ['stripe', 'succeeded', '5–10 business days'],
    ['stripe', 'failed', null],
    ['cash', 'succeeded', null],
  ] as const)('say of a refund by %s that %s when it arrives: %s', async (provider, state, expected) => {
    const booking = await aBooking(app, { startsAt: START });
    const id = await aPayment(app, { bookingId: booking.id, provider });
    await aRefund(app, { paymentId: id, state });
    expect((await manager.get(`/admin/payments/${id}`)).body.refunds[0].expectedArrival).toBe(expected);
  });

  it('of somebody else are answered like those that never were', async () => {
    const booking = await aBooking(app, { startsAt: START });
    const id = await aPayment(app, { bookingId: booking.id });
    await aReceipt(app, id);
    const other = await aBooking(app, { startsAt: START });
    for (const stranger of [await customerOf(other), await guestOf(other)]) {
      for (const route of ['', '/receipt', '/receipt.pdf']) {
        const ask = async (payment: string) => {
          const { status, body } = await stranger.get(`/api/payments/${payment}${route}`);
          return { status, ...body, instance: null, requestId: null };
        };
        expect(await ask(id)).toEqual(await ask(newId()));
        expect(await ask(id)).toMatchObject({ status: 404, code: 'not-found' });
      }
    }
  });

  describe('a receipt', () => {
    it('says the same as data and as a page to print, to the customer and to reception', async () => {
      const booking = await aBooking(app, { startsAt: START, name: 'Ada Lovelace' });
      const id = await aPayment(app, { bookingId: booking.id, purpose: 'deposit', amountMinor: 1700 });
      await aRefund(app, { paymentId: id, amountMinor: 500, state: 'succeeded' });
      await aRefund(app, { paymentId: id, amountMinor: 700, state: 'failed' });
      const number = await aReceipt(app, id);
      const ada = await customerOf(booking);

      const data = await ada.get(`/api/payments/${id}/receipt`);
      const page = await app.app.inject({
        url: `/api/payments/${id}/receipt.pdf`,
        headers: {
          authorization: `Bearer ${await aSession(app, { kind: 'customer', customerId: booking.customerId })}`,
        },
      });

      expect(data.body).toEqual({
        ...{ number, paymentId: id, bookingId: booking.id, issuedAt: expect.stringMatching(/-05:00$/) },
        ...{ salon: { name: 'Lawrei Beauty', address: '' }, customer: 'Ada Lovelace', service: 'Haircut' },
        ...{ reference: expect.any(String), staff: 'Grace', start: START, method: 'Visa •••• 4242' },
        ...{ lines: [{ description: 'Haircut: deposit', amount: usd(1700) }], total: usd(1700) },
        ...{ tax: null, refunded: usd(500) },
        refunds: [{ amount: usd(500), status: 'succeeded', requestedAt: expect.any(String) }],
      });
      expect(page.headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename="receipt-${number}.pdf"`,
        'cache-control': 'private, no-store',
      });
      expect(pdfText(page.rawPayload)).toEqual(
        expect.arrayContaining([
          `Receipt No. ${number}`,
          'Ada Lovelace',
          'Haircut: deposit',
          '-$5.00',
          '$12.00',
        ]),
      );
      expect((await reception.get(`/admin/payments/${id}/receipt`)).body).toEqual(data.body);
      expect((await reception.get(`/admin/payments/${id}/receipt.pdf`)).status).toBe(200);
    });

    it('is not there before the money is', async () => {
      const booking = await aBooking(app, { startsAt: START });
      const id = await aPayment(app, { bookingId: booking.id, state: 'processing' });
      const ada = await customerOf(booking);
      expect((await ada.get(`/api/payments/${id}`)).body).toMatchObject({
        status: 'processing',
        receiptNumber: null,
      });
      expect((await ada.get(`/api/payments/${id}/receipt`)).status).toBe(404);
      expect((await ada.get(`/api/payments/${id}/receipt.pdf`)).status).toBe(404);
    });

    it('of what was just paid at the salon is there at once', async () => {
      const booking = await aBooking(app, { startsAt: START, status: 'held' });
      await app.sql(
        `insert into allocation (id, booking_id, resource_id, during, held_until)
         select $1, id, resource_id, tstzrange(starts_at, ends_at), hold_expires_at from booking where id = $2`,
        [newId(), booking.id],
      );
      const paid = await reception.post(`/admin/bookings/${booking.id}/record-payment`, { method: 'cash' });
      const receipt = await reception.get(`/admin/payments/${paid.body.id}/receipt`);
      expect(receipt.body).toMatchObject({ number: paid.body.receiptNumber, method: 'Cash', staff: 'Grace' });
    });
  });

  describe('the list', () => {
    it('goes from the newest to the oldest, page by page, none twice and none left out', async () => {
      const booking = await aBooking(app, { startsAt: START });
      const at = (minute: number) => `2030-02-01T10:0${minute}:00Z`;
      const made: string[] = [];
      for (const minute of [0, 1, 1, 1, 2])
        made.push(await aPayment(app, { bookingId: booking.id, surplus: true, createdAt: at(minute) }));
      const seen: string[] = [];
      let cursor = '';
      do {
        const url = `/admin/payments?bookingId=${booking.id}&limit=2${cursor && `&cursor=${cursor}`}`;
        const { data, page } = (await manager.get(url)).body;
        seen.push(...data.map(({ id }: { id: string }) => id));
        cursor = page.nextCursor ?? '';
      } while (cursor);
      expect(seen).toHaveLength(5);
      expect(seen[0]).toBe(made.at(-1));
      expect(seen.at(-1)).toBe(made[0]);
      expect(new Set(seen)).toEqual(new Set(made));
    });

    it('is narrowed down by booking, customer, state, provider and the salon’s days', async () => {
      const booking = await aBooking(app, { startsAt: START });
      const card = { bookingId: booking.id, surplus: true };
      const late = await aPayment(app, { ...card, createdAt: '2030-02-11T04:59:59Z' }); // the 10th in New York
      const next = await aPayment(app, { ...card, createdAt: '2030-02-11T05:00:00Z' });
      const cash = await aPayment(app, { ...card, provider: 'cash', createdAt: '2030-02-12T12:00:00Z' });
      const open = await aPayment(app, {
        ...{ bookingId: booking.id, state: 'open', createdAt: '2030-02-13T12:00:00Z' },
      });
      const of = async (filter: string) => {
        const { data } = (await manager.get(`/admin/payments?customerId=${booking.customerId}&${filter}`))
          .body;
        return data.map(({ id }: { id: string }) => id);
      };
      expect(await of('')).toEqual([open, cash, next, late]);
      expect(await of('status=open')).toEqual([open]);
      expect(await of('provider=cash')).toEqual([cash]);
      expect(await of('to=2030-02-10')).toEqual([late]);
      expect(await of('from=2030-02-11&to=2030-02-12')).toEqual([cash, next]);
      expect(await of(`bookingId=${newId()}`)).toEqual([]);
      expect((await manager.get('/admin/payments?status=lost')).status).toBe(422);
    });
  });

  it('are listed and shown to managers; reception has the receipts', async () => {
    const booking = await aBooking(app, { startsAt: START });
    const id = await aPayment(app, { bookingId: booking.id });
    const answers = [await reception.get('/admin/payments'), await reception.get(`/admin/payments/${id}`)];
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });
});
