import { aStaffAccount } from '../support/factories.js';
import { aGuestContact, asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp } from '../support/test-app.js';

describe('booking', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday, 09:00 in New York
    salon = await openSalon(app);
  });

  const topicsOf = async (id: string) =>
    (
      await app.sql<{ topic: string }>(
        `select distinct topic from outbox_message where payload->>'bookingId' = $1 order by 1`,
        [id],
      )
    ).map((row) => row.topic);
  const historyOf = async (id: string) =>
    (
      await app.sql<{ type: string }>('select type from booking_event where booking_id = $1 order by id', [
        id,
      ])
    ).map((row) => row.type);

  it('offers free starts and confirms one at once when nothing is to be paid', async () => {
    const slots = await app.as().get(`/api/slots?serviceId=${salon.serviceId}&from=2030-03-04&to=2030-03-04`);
    expect(slots.status).toBe(200);
    expect(slots.body.days[0].slots).toHaveLength(18);
    expect(slots.body.days[0].slots[0]).toEqual({
      start: '2030-03-04T09:00:00-05:00',
      end: '2030-03-04T09:30:00-05:00',
      staffIds: salon.staffIds,
    });

    const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');

    expect(booked.status).toBe(201);
    expect(booked.body).toMatchObject({
      status: 'confirmed',
      version: 1,
      revision: 1,
      start: '2030-03-04T09:00:00-05:00',
      end: '2030-03-04T09:30:00-05:00',
      price: { amount: 8500, currency: 'USD' },
      staff: { id: salon.staffIds[0] },
      holdExpiresAt: null,
    });
    expect(booked.body.reference).toMatch(/^[2-9A-HJ-NP-Z]{6}$/);
    expect(booked.body.manageToken).toHaveLength(43);
    expect(await topicsOf(booked.body.id)).toContain('booking.confirmed');
    expect(await historyOf(booked.body.id)).toEqual(['confirmed']);
    const after = await app.as().get(`/api/slots?serviceId=${salon.serviceId}&from=2030-03-04&to=2030-03-04`);
    expect(after.body.days[0].slots).toHaveLength(17);
  });

  it('keeps consent to texts with the version of the words that were shown', async () => {
    const booked = await bookAsGuest(app, salon, '2030-03-04T10:00:00-05:00', {
      consents: { reminder_sms: false, marketing_email: true },
    });
    const rows = await app.sql(
      `select purpose, granted, source from consent where customer_id = $1 order by purpose`,
      [booked.body.customer.id],
    );
    expect(rows).toEqual([
      { purpose: 'marketing_email', granted: true, source: 'booking' },
      { purpose: 'reminder_sms', granted: false, source: 'booking' },
      { purpose: 'transactional_sms', granted: true, source: 'booking' },
    ]);
  });

  it('refuses a taken time and offers the nearest free ones instead', async () => {
    await bookAsGuest(app, salon, '2030-03-04T09:30:00-05:00');

    const second = await bookAsGuest(app, salon, '2030-03-04T09:30:00-05:00');

    expect(second.status).toBe(409);
    expect(second.body.code).toBe('slot-unavailable');
    expect(second.body.alternatives.map((slot: { start: string }) => slot.start)).toEqual([
      '2030-03-04T09:00:00-05:00',
      '2030-03-04T10:00:00-05:00',
      '2030-03-04T10:30:00-05:00',
    ]);
  });

  it.each([
    ['min-notice', '2030-03-01T10:30:00-05:00'],
    ['max-horizon', '2030-06-03T09:00:00-04:00'],
    ['outside-business-hours', '2030-03-04T08:00:00-05:00'],
    ['off-grid', '2030-03-04T09:10:00-05:00'],
    ['off-grid', '2030-03-04T09:00:30-05:00'],
  ])('refuses with %s a start at %s, and leaves nothing behind', async (code, start) => {
    const customers = await app.sql('select count(*) from customer');
    const refused = await bookAsGuest(app, salon, start);
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe(code);
    expect(await app.sql('select count(*) from customer')).toEqual(customers);
  });

  it('holds an unpaid booking for ten minutes and then gives the time away', async () => {
    const paid = await openSalon(app, { paymentPolicy: 'full' });
    const held = await bookAsGuest(app, paid, '2030-03-04T09:00:00-05:00');
    expect(held.body).toMatchObject({
      status: 'held',
      paymentStatus: 'unpaid',
      amountDue: { amount: 8500, currency: 'USD' },
      holdExpiresAt: expect.stringMatching(/^2030-03-01T09:10:[0-2]\d-05:00$/),
    });
    expect((await bookAsGuest(app, paid, '2030-03-04T09:00:00-05:00')).body.code).toBe('slot-unavailable');

    await app.timeIs('2030-03-01T14:10:35Z');

    const guest = await asGuestOf(app, held);
    expect((await guest.get(`/api/bookings/${held.body.id}`)).body.status).toBe('expired');
    expect((await bookAsGuest(app, paid, '2030-03-04T09:00:00-05:00')).status).toBe(201);
    await app.sweepUntil(async () => (await historyOf(held.body.id)).length === 2);
    expect(await historyOf(held.body.id)).toEqual(['held', 'expired']);
    expect(await topicsOf(held.body.id)).toEqual(['booking.expired', 'booking.held']);
  });

  it('lets the reception waive a payment, which confirms and is kept with its reason', async () => {
    const paid = await openSalon(app, { paymentPolicy: 'full' });
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    const held = await bookAsGuest(app, paid, '2030-03-04T09:00:00-05:00');

    const waived = await reception.post(`/admin/bookings/${held.body.id}/waive-payment`, {
      reason: 'pays at the counter',
    });

    expect(waived.status).toBe(200);
    expect(waived.body).toMatchObject({
      status: 'confirmed',
      paymentStatus: 'waived',
      amountDue: { amount: 0 },
      holdExpiresAt: null,
    });
    expect(waived.body.history.at(-1)).toMatchObject({
      type: 'confirmed',
      by: 'staff',
      reason: 'pays at the counter',
    });
    await app.timeIs('2030-03-01T15:00:00Z');
    expect((await bookAsGuest(app, paid, '2030-03-04T09:00:00-05:00')).body.code).toBe('slot-unavailable');
  });

  it('counts ten active bookings for a phone or an e-mail, whatever name stands beside it', async () => {
    await app.sql('update business set max_active_bookings = 2');
    const ada = aGuestContact();
    const book = (start: string, contact: object) =>
      bookAsGuest(app, salon, start, { customer: { ...ada, ...contact } });
    expect((await book('2030-03-04T09:00:00-05:00', {})).status).toBe(201);
    expect((await book('2030-03-04T09:30:00-05:00', { email: 'other@example.com' })).status).toBe(201);
    const third = await book('2030-03-04T10:00:00-05:00', { name: 'Eve', email: 'third@example.com' });
    expect(third.body.code).toBe('active-booking-limit');
    await app.sql('update business set max_active_bookings = 10');
  });

  it('lets staff book outside the hours, warned, but never over taken time', async () => {
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    const body = {
      serviceId: salon.serviceId,
      customer: aGuestContact(),
      start: '2030-03-04T19:00:00-05:00',
    };

    const booked = await reception.post('/admin/bookings', body);

    expect(booked.status).toBe(201);
    expect(booked.body.warnings).toEqual(['outside-business-hours']);
    expect(booked.body.manageToken).toBeUndefined();
    const again = await reception.post('/admin/bookings', { ...body, customer: aGuestContact() });
    expect(again.body.code).toBe('slot-unavailable');
  });

  it('shows staff their own calendar, and the reception all of it', async () => {
    const two = await openSalon(app, { staff: 2 });
    const mine = await bookAsGuest(app, two, '2030-03-04T09:00:00-05:00', { staffId: two.staffIds[0] });
    const theirs = await bookAsGuest(app, two, '2030-03-04T09:00:00-05:00', { staffId: two.staffIds[1] });
    const stylist = app.as((await aStaffAccount(app, { role: 'staff', resourceId: two.staffIds[0]! })).token);
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);

    const own = await stylist.get('/admin/bookings?from=2030-03-04&to=2030-03-04');
    const all = await reception.get(`/admin/bookings?from=2030-03-04&to=2030-03-04`);

    expect(own.body.data.map((row: { id: string }) => row.id)).toEqual([mine.body.id]);
    const ids = all.body.data.map((row: { id: string }) => row.id);
    expect(ids).toEqual(expect.arrayContaining([mine.body.id, theirs.body.id]));
    expect((await stylist.get(`/admin/bookings/${theirs.body.id}`)).status).toBe(404);
    expect((await stylist.post(`/admin/bookings/${theirs.body.id}/complete`)).status).toBe(404);
  });

  it('marks visits: not before they begin, no-show only after ten minutes, wrong marks corrected by a manager', async () => {
    const manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
    const at = (verb: string, body: object = {}) =>
      manager.post(`/admin/bookings/${booked.body.id}/${verb}`, body);
    expect((await at('complete')).body.code).toBe('invalid-transition');
    await app.timeIs('2030-03-04T14:09:00Z');
    expect((await at('no-show')).body).toMatchObject({
      code: 'invalid-transition',
      possibleAt: '2030-03-04T14:10:00.000Z',
    });
    await app.timeIs('2030-03-04T14:10:00Z');
    expect((await at('no-show')).body.status).toBe('no_show');
    expect((await at('correct', { status: 'completed', reason: 'was in the wrong chair' })).body.status).toBe(
      'completed',
    );
    expect((await at('cancel', { reason: 'x', onBehalfOf: 'salon' })).body.code).toBe('invalid-transition');
  });

  it('completes by itself two hours after the end', async () => {
    const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
    await app.timeIs('2030-03-04T16:29:00Z');
    await app.sweep();
    expect(await historyOf(booked.body.id)).toEqual(['confirmed']);
    await app.timeIs('2030-03-04T16:30:00Z');
    await app.sweepUntil(async () => (await historyOf(booked.body.id)).length === 2);
    expect(await historyOf(booked.body.id)).toEqual(['confirmed', 'completed']);
  });

  it('asks for a name and a way to be reached', async () => {
    const nobody = await app
      .as()
      .post('/api/bookings', { serviceId: salon.serviceId, start: '2030-03-04T09:00:00-05:00' });
    expect(nobody.status).toBe(422);
    expect(nobody.body.errors).toEqual([
      { pointer: '/customer', code: 'required', detail: expect.any(String) },
    ]);
    const mute = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00', { customer: { name: 'Ada' } });
    expect(mute.body.errors[0].pointer).toBe('/customer/phone');
  });

  it('refuses an outdated If-Match', async () => {
    const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
    const guest = await asGuestOf(app, booked);
    const refused = await guest.post(`/api/bookings/${booked.body.id}/cancel`, {}, { 'if-match': '"7"' });
    expect(refused.status).toBe(412);
    expect(refused.body.code).toBe('version-mismatch');
  });
});
