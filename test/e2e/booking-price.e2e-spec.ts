import { brokenInvariants } from '../support/booking-invariants.js';
import { aStaffAccount } from '../support/factories.js';
import { asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';

const NINE = '2030-03-04T09:00:00-05:00';
const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('the price of a booking', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let reception: Caller;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start();
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday, 09:00 in New York
    salon = await openSalon(app);
  });

  const booked = async (among = salon, start = NINE): Promise<string> => {
    const answer = await bookAsGuest(app, among, start);
    if (answer.status !== 201) throw new Error(`no booking: ${answer.text}`);
    return String(answer.body.id);
  };
  const change = (id: string, amount: number, more: object = {}, headers?: Record<string, string>) =>
    manager.put(
      `/admin/bookings/${id}/price`,
      { price: usd(amount), reason: 'a friend of the house', ...more },
      headers,
    );
  const historyOf = (id: string) =>
    app.sql<{ type: string; before: Record<string, unknown> | null; after: Record<string, unknown> }>(
      'select type, before, after from booking_event where booking_id = $1 order by id',
      [id],
    );
  const typesOf = async (id: string) => (await historyOf(id)).map(({ type }) => type);
  const promisesOf = (id: string) =>
    app.sql(
      `select topic, handler from outbox_message where payload->>'bookingId' = $1 and topic = 'booking.confirmed' and handler = 'messaging.plan'`,
      [id],
    );

  it('is changed by a manager with a reason; both amounts stay in the history, and the change is audited', async () => {
    const id = await booked();

    const changed = await change(id, 5000);

    expect(changed.status).toBe(200);
    expect(changed.headers['etag']).toBe('"2"');
    expect(changed.body).toMatchObject({ status: 'confirmed', price: usd(5000), version: 2, revision: 1 });
    expect(changed.body.history.at(-1)).toMatchObject({
      type: 'price_changed',
      by: 'staff',
      reason: 'a friend of the house',
    });
    const [, event] = await historyOf(id);
    expect(event?.before).toMatchObject({ totalMinor: 8500, dueToConfirmMinor: 0 });
    expect(event?.after).toMatchObject({
      totalMinor: 5000,
      dueToConfirmMinor: 0,
      reason: 'a friend of the house',
    });
    expect(
      await app.sql(
        `select actor_kind from audit_log where action = 'booking.price_changed' and subject_id = $1`,
        [id],
      ),
    ).toEqual([{ actor_kind: 'staff' }]);
    expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
  });

  it('shows its owner that it changed, but not what staff wrote about it', async () => {
    const answer = await bookAsGuest(app, salon, NINE);
    await change(answer.body.id, 5000);
    const seen = await (await asGuestOf(app, answer)).get(`/api/bookings/${answer.body.id}`);
    expect(seen.body).toMatchObject({ price: usd(5000) });
    expect(seen.body.history.at(-1)).toMatchObject({ type: 'price_changed', reason: null });
  });

  it('is none of the reception’s business, nor of the person who does it', async () => {
    const id = await booked();
    const stylist = app.as(
      (await aStaffAccount(app, { role: 'staff', resourceId: salon.staffIds[0]! })).token,
    );
    for (const caller of [reception, stylist]) {
      const refused = await caller.put(`/admin/bookings/${id}/price`, { price: usd(1), reason: 'x' });
      expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await typesOf(id)).toEqual(['confirmed']);
  });

  it.each([
    ['/price/currency', { price: { amount: 5000, currency: 'EUR' } }],
    ['/price/amount', { price: usd(-1) }],
    ['/reason', { reason: undefined }],
    ['/status', { status: 'confirmed' }],
  ])('is refused with a wrong %s', async (pointer, wrong) => {
    const id = await booked();
    const refused = await change(id, 5000, wrong);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].pointer).toBe(pointer);
    expect(await typesOf(id)).toEqual(['confirmed']);
  });

  it('stays when the booking is over: cancelled, expired or done', async () => {
    const paid = await openSalon(app, { paymentPolicy: 'full' });
    const [cancelled, done, expired] = [
      await booked(),
      await booked(salon, '2030-03-04T10:00:00-05:00'),
      await booked(paid),
    ];
    await reception.post(`/admin/bookings/${cancelled}/cancel`, { reason: 'ill', onBehalfOf: 'salon' });
    await app.timeIs('2030-03-04T16:00:00Z');
    await reception.post(`/admin/bookings/${done}/complete`);
    for (const [id, from] of [
      [cancelled, 'cancelled'],
      [done, 'completed'],
      [expired, 'expired'],
    ] as const) {
      const refused = await change(id, 0);
      expect(refused).toMatchObject({ status: 409, body: { code: 'invalid-transition', from } });
    }
    expect(await promisesOf(expired)).toEqual([]);
  });

  it('changes only for who saw the present version, when they say which they saw', async () => {
    const id = await booked();
    const first = await change(id, 5000, {}, { 'if-match': '"1"' });
    const second = await change(id, 4000, {}, { 'if-match': '"1"' });
    expect([first.status, second.status, second.body.code]).toEqual([200, 412, 'version-mismatch']);
    expect((await change(salon.serviceId, 1)).status).toBe(404);
  });

  it('set to what it is changes nothing', async () => {
    const id = await booked();
    const same = await change(id, 8500);
    expect(same).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await typesOf(id)).toEqual(['confirmed']);
  });

  it('of a confirmed booking leaves what was due first, as far as the price still covers it', async () => {
    const id = await booked();
    await app.sql(
      `update booking set payment_policy = 'full', due_to_confirm_minor = 8500, paid_minor = 8500 where id = $1`,
      [id],
    );
    const dueOf = async () =>
      (
        await app.sql(`select total_minor, due_to_confirm_minor, paid_minor from booking where id = $1`, [id])
      )[0];

    await change(id, 9900);
    expect(await dueOf()).toEqual({ total_minor: 9900, due_to_confirm_minor: 8500, paid_minor: 8500 });
    await change(id, 3000);
    expect(await dueOf()).toEqual({ total_minor: 3000, due_to_confirm_minor: 3000, paid_minor: 8500 });
    await change(id, 0);
    expect(await dueOf()).toEqual({ total_minor: 0, due_to_confirm_minor: 0, paid_minor: 8500 });
    expect(await promisesOf(id)).toHaveLength(1);
  });

  describe('while it is only held', () => {
    it('decides what is due: all of it, or the share of the deal whatever the service asks by now', async () => {
      const [full, part] = [
        await openSalon(app, { paymentPolicy: 'full' }),
        await openSalon(app, { paymentPolicy: 'deposit' }),
      ];
      const [all, share] = [await booked(full), await booked(part)];
      await app.sql('update service set deposit_percent = 50 where id = $1', [part.serviceId]);

      expect((await change(all, 9900)).body).toMatchObject({ status: 'held', amountDue: usd(9900) });
      expect((await change(share, 5000)).body).toMatchObject({
        status: 'held',
        price: usd(5000),
        amountDue: usd(1000),
      });
    });

    it('is fixed in the deal when the deposit is an amount, as far as the price covers it', async () => {
      const part = await openSalon(app, { paymentPolicy: 'deposit' });
      await app.sql('update service set deposit_percent = null, deposit_minor = 2000 where id = $1', [
        part.serviceId,
      ]);
      const id = await booked(part);
      expect((await change(id, 6000)).body.amountDue).toEqual(usd(2000));
      expect((await change(id, 1500)).body).toMatchObject({ status: 'held', amountDue: usd(1500) });
      expect((await change(id, 6000)).body.amountDue).toEqual(usd(2000));
    });

    it('confirms when nothing is due any more, and the confirmation goes out', async () => {
      const paid = await openSalon(app, { paymentPolicy: 'full' });
      const id = await booked(paid);

      const changed = await change(id, 0);

      expect(changed.body).toMatchObject({
        status: 'confirmed',
        price: usd(0),
        amountDue: usd(0),
        paymentStatus: 'paid',
        holdExpiresAt: null,
      });
      expect(await typesOf(id)).toEqual(['held', 'price_changed', 'confirmed']);
      const events = await historyOf(id);
      expect(events[1]).toMatchObject({
        before: { status: 'held', totalMinor: 8500, dueToConfirmMinor: 8500 },
        after: { status: 'held', totalMinor: 0, dueToConfirmMinor: 0 },
      });
      expect(events[2]).toMatchObject({ before: { status: 'held' }, after: { status: 'confirmed' } });
      await app.effectsDone();
      const texts = await app.sql(
        `select family from message where booking_id = $1 and channel = 'sms' and family = 'booking_confirmed'`,
        [id],
      );
      expect(texts).toEqual([{ family: 'booking_confirmed' }]);
      await app.timeIs('2030-03-01T15:00:00Z');
      await app.sweep();
      expect((await bookAsGuest(app, paid, NINE)).body.code).toBe('slot-unavailable');
      expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
    });

    it('set to nothing while somebody waives the payment: it is confirmed once', async () => {
      const paid = await openSalon(app, { paymentPolicy: 'full' });
      for (let round = 0; round < 10; round += 1) {
        const id = await booked(paid, new Date(Date.parse(NINE) + round * 1_800_000).toISOString());
        const waive = () => reception.post(`/admin/bookings/${id}/waive-payment`, { reason: 'a voucher' });
        const both = round % 2 === 0 ? [change(id, 0), waive()] : [waive(), change(id, 0)];
        const answers = await Promise.all(both);

        const [priced, waived] = round % 2 === 0 ? answers : answers.toReversed();
        expect(priced?.status).toBe(200);
        expect([200, 409]).toContain(waived?.status);
        const wasWaivedFirst = waived?.status === 200;
        expect(await typesOf(id)).toEqual(
          wasWaivedFirst ? ['held', 'confirmed', 'price_changed'] : ['held', 'price_changed', 'confirmed'],
        );
        expect(await promisesOf(id)).toHaveLength(1);
      }
      expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
    });

    it('set to nothing twice at once is confirmed once', async () => {
      const paid = await openSalon(app, { paymentPolicy: 'full' });
      const id = await booked(paid);
      const answers = await Promise.all(Array.from({ length: 5 }, () => change(id, 0)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(await typesOf(id)).toEqual(['held', 'price_changed', 'confirmed']);
    });
  });
});
