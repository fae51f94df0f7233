import { aStaffAccount, fromAddress, theOwner } from '../support/factories.js';
import { aGuestContact, asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';

describe('what customers may rely on', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T14:00:00Z');
    salon = await openSalon(app);
  });

  const textsTo = async (phone: string) =>
    (await app.sandbox.state({ to: phone })).sms.map((sms) => sms.body);
  const messagesOf = (bookingId: string) =>
    app.sql<{ family: string; channel: string; state: string; to_address: string }>(
      'select family, channel, state, to_address from message where booking_id = $1',
      [bookingId],
    );
  const reminderOf = async (bookingId: string) =>
    (await messagesOf(bookingId)).filter((row) => row.family === 'booking_reminder');

  it('sends a reminder to the number as it stands, not to the one it was mistyped as', async () => {
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    const ada = aGuestContact();
    const right = aGuestContact().phone;
    const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00', { customer: ada });
    await app.effectsDone();
    await waitFor(async () => (await textsTo(ada.phone)).length === 2);
    await reception.patch(`/admin/customers/${booked.body.customer.id}`, { phone: right });

    await app.timeIs('2030-03-03T17:00:01Z');

    await waitFor(async () => (await textsTo(right)).some((text) => text.startsWith('Reminder')));
    expect((await textsTo(ada.phone)).filter((text) => text.startsWith('Reminder'))).toEqual([]);
  });

  it('respects a no to texts when the reception books for somebody known', async () => {
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    const ada = aGuestContact();
    const made = await reception.post('/admin/customers', ada);
    const booked = await reception.post('/admin/bookings', {
      customerId: made.body.id,
      serviceId: salon.serviceId,
      start: '2030-03-04T12:00:00-05:00',
      consents: { transactional_sms: false, reminder_sms: false },
    });
    expect(booked.status).toBe(201);
    await app.effectsDone();
    const rows = await app.sql(
      'select purpose, granted from consent where customer_id = $1 order by purpose',
      [made.body.id],
    );
    expect(rows).toEqual([
      { purpose: 'reminder_sms', granted: false },
      { purpose: 'transactional_sms', granted: false },
    ]);
    expect(await textsTo(ada.phone)).toEqual([]);
  });

  it('sends the reminder by e-mail to whoever said STOP to texts', async () => {
    const ada = aGuestContact();
    const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00', { customer: ada });
    await app.effectsDone();
    await app.sandbox.inbound({ from: ada.phone, body: 'STOP' });

    await app.timeIs('2030-03-03T17:00:01Z');

    await waitFor(async () =>
      (await reminderOf(booked.body.id)).some((row) => row.channel === 'email' && row.state === 'sent'),
    );
    expect((await textsTo(ada.phone)).filter((text) => text.startsWith('Reminder'))).toEqual([]);
  });

  it('keeps what the salon writes about a customer to the salon', async () => {
    const owner = app.as(await theOwner(app));
    const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
    const guest = await asGuestOf(app, booked);
    await owner.put(`/admin/bookings/${booked.body.id}/reschedule`, { start: '2030-03-05T12:00:00-05:00' });
    const link = await app.sql<{ id: string }>('select id from manage_link where booking_id = $1', [
      booked.body.id,
    ]);
    expect(link).not.toEqual([]);
    await app.sql('update manage_link set revoked_at = null where booking_id = $1', [booked.body.id]);
    await owner.post(`/admin/bookings/${booked.body.id}/cancel`, {
      reason: 'difficult',
      onBehalfOf: 'customer',
    });
    await app.sql('update manage_link set revoked_at = null where booking_id = $1', [booked.body.id]);

    const seen = await guest.get(`/api/bookings/${booked.body.id}`);
    const known = await owner.get(`/admin/bookings/${booked.body.id}`);

    expect(seen.body).toMatchObject({ status: 'cancelled', cancelReason: null });
    expect(seen.text).not.toContain('difficult');
    expect(known.body.cancelReason).toBe('difficult');
  });

  it('moves an appointment to anybody free when its own stylist has left', async () => {
    const two = await openSalon(app, { staff: 2 });
    const [gone, stays] = two.staffIds;
    const booked = await bookAsGuest(app, two, '2030-03-04T12:00:00-05:00', { staffId: gone });
    await app.sql('delete from service_resource where resource_id = $1', [gone]);
    const guest = await asGuestOf(app, booked);
    const moved = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, {
      start: '2030-03-05T12:00:00-05:00',
    });
    expect([moved.status, moved.body.staff?.id]).toEqual([200, stays]);
  });

  it('lists a day without reading the years before it', async () => {
    const owner = app.as(await theOwner(app));
    const early = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
    const listed = await owner.get('/admin/bookings?from=2030-03-04&to=2030-03-04&limit=100');
    expect(listed.body.data.map((row: { id: string }) => row.id)).toContain(early.body.id);
    expect((await owner.get('/admin/bookings?from=2030-03-20&to=2030-03-20')).body.data).toEqual([]);
  });
});

describe('the limit on bookings', () => {
  it('counts the address, whoever’s link the caller holds by then', async () => {
    const app = await TestApp.start({ env: { RATE_LIMIT_SCALE: '1', LAWREI_ROLE: 'api' } });
    await app.timeIs('2030-03-01T14:00:00Z');
    const salon = await openSalon(app, { stepMinutes: 5, durationMinutes: 5 });
    const visitor = fromAddress(app, '203.0.113.7');
    const at = (index: number) => new Date(Date.UTC(2030, 2, 4, 14, index * 5)).toISOString();
    const book = (index: number, token?: string) =>
      visitor.post(
        '/api/bookings',
        { serviceId: salon.serviceId, start: at(index), customer: aGuestContact() },
        token ? { authorization: `Bearer ${token}` } : {},
      );
    let last = await book(0);
    for (let index = 1; index < 10; index += 1) last = await book(index);
    expect(last.status).toBe(201);
    const guest = await visitor.post('/api/manage/session', { token: last.body.manageToken });

    const statuses = [(await book(10)).status, (await book(11, String(guest.body.accessToken))).status];

    expect(statuses).toEqual([429, 429]);
    await app.stop();
  });
});
