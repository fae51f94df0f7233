import { brokenInvariants } from '../support/booking-invariants.js';
import { aStaffAccount, aStaffMember } from '../support/factories.js';
import { aGuestContact, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Answer, type Caller } from '../support/test-app.js';

const NINE = '2030-03-04T09:00:00-05:00';

/** Half-hour starts of one Monday, 9:00 to 17:30 in New York. */
const startOf = (index: number) => new Date(Date.parse(NINE) + index * 30 * 60_000).toISOString();

describe('the rules of booking', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let reception: Caller;
  let manager: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday, 09:00 in New York
    salon = await openSalon(app);
  });

  /** How often each outcome came: the status of what was made, the code of what was refused. */
  const tally = (answers: readonly Answer[]) => {
    const counts: Record<string, number> = {};
    for (const { status, body } of answers) {
      const outcome = status < 300 ? String(status) : String(body.code);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  };

  /** Everybody at once, each for a time of their own. */
  const rush = (among: OpenSalon, count: number, customer: (index: number) => object) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        bookAsGuest(app, among, startOf(index % 18), {
          staffId: among.staffIds[Math.floor(index / 18)],
          customer: customer(index),
        }),
      ),
    );

  /** Rows of everything that making a booking writes. */
  const written = () =>
    app.sql(
      `select (select count(*) from customer) as customers, (select count(*) from booking) as bookings,
              (select count(*) from booking_event) as events, (select count(*) from allocation) as allocations,
              (select count(*) from consent) as consents, (select count(*) from manage_link) as links,
              (select count(*) from outbox_message) as effects`,
    );

  const forStaff = (start: string, more: object = {}) =>
    reception.post('/admin/bookings', {
      serviceId: salon.serviceId,
      customer: aGuestContact(),
      start,
      ...more,
    });

  const cancelAsStaff = (id: string, onBehalfOf: string) =>
    reception.post(`/admin/bookings/${id}/cancel`, { reason: 'flooded', onBehalfOf });

  describe('limits', () => {
    it.each([
      [
        'phone',
        ({ name, phone }: ReturnType<typeof aGuestContact>) => ({
          name,
          phone,
          email: aGuestContact().email,
        }),
      ],
      [
        'e-mail',
        ({ name, email }: ReturnType<typeof aGuestContact>) => ({
          name,
          email,
          phone: aGuestContact().phone,
        }),
      ],
    ])('let one %s have ten bookings, of thirty asked for at once', async (_which, variant) => {
      const wide = await openSalon(app, { staff: 2 });
      const ada = aGuestContact();

      const answers = await rush(wide, 30, () => variant(ada));

      expect(tally(answers)).toEqual({ '201': 10, 'active-booking-limit': 20 });
      expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
    });

    it('let one contact have three unpaid holds, of ten asked for at once', async () => {
      const paid = await openSalon(app, { paymentPolicy: 'full' });
      const ada = aGuestContact();

      const answers = await rush(paid, 10, () => ada);

      expect(tally(answers)).toEqual({ '201': 3, 'hold-limit': 7 });
      expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.status))).toEqual(
        new Set(['held']),
      );
    });

    it('are not used up by what is over: an expired hold, a cancelled booking, a visit of the past', async () => {
      await app.sql('update business set max_active_bookings = 1, max_holds_per_contact = 1');
      try {
        const paid = await openSalon(app, { paymentPolicy: 'full' });
        const customer = aGuestContact();
        expect((await bookAsGuest(app, paid, startOf(0), { customer })).status).toBe(201);
        await app.timeIs('2030-03-01T14:10:01Z');
        const next = await bookAsGuest(app, salon, startOf(0), { customer });
        expect(next.status).toBe(201);
        await cancelAsStaff(next.body.id, 'salon');
        expect((await bookAsGuest(app, salon, startOf(1), { customer })).status).toBe(201);
        await app.timeIs('2030-03-04T14:59:59Z');
        const later = () => bookAsGuest(app, salon, startOf(10), { customer });
        expect((await later()).body.code).toBe('active-booking-limit');
        await app.timeIs('2030-03-04T15:00:00Z');
        expect((await later()).status).toBe(201);
      } finally {
        await app.sql('update business set max_active_bookings = 10, max_holds_per_contact = 3');
      }
    });

    it('leave nothing behind when they refuse', async () => {
      const paid = await openSalon(app, { paymentPolicy: 'full' });
      const ada = aGuestContact();
      await rush(paid, 3, () => ada);
      const before = await written();
      expect((await bookAsGuest(app, paid, startOf(5), { customer: ada })).body).toMatchObject({
        code: 'hold-limit',
        limit: 3,
      });
      expect(await written()).toEqual(before);
    });

    it('bend for the reception with a reason, which is kept, and the override is audited', async () => {
      const ada = aGuestContact();
      await rush(salon, 10, () => ada);
      expect((await forStaff(startOf(11), { customer: ada })).body).toMatchObject({
        code: 'active-booking-limit',
        limit: 10,
      });

      const over = await forStaff(startOf(11), { customer: ada, override: { reason: 'a wedding party' } });

      expect(over.status).toBe(201);
      expect(over.body.history).toMatchObject([
        { type: 'confirmed', by: 'staff', reason: 'a wedding party' },
      ]);
      expect(
        await app.sql(`select details from audit_log where action = 'booking.created' and subject_id = $1`, [
          over.body.id,
        ]),
      ).toEqual([{ details: { waived: false, overridden: true } }]);
    });
  });

  describe('a booking made by staff', () => {
    beforeEach(async () => {
      salon = await openSalon(app, { paymentPolicy: 'full' });
    });

    it('is confirmed at once when the payment is waived, with the reason in its history', async () => {
      const waived = await forStaff(NINE, { waive: { reason: 'a voucher' } });
      expect(waived.body).toMatchObject({
        status: 'confirmed',
        paymentStatus: 'waived',
        amountDue: { amount: 0 },
        holdExpiresAt: null,
        history: [{ type: 'confirmed', by: 'staff', reason: 'a voucher' }],
      });
    });

    it('keeps both reasons when the limit is overridden and the payment waived', async () => {
      const both = await forStaff(NINE, {
        waive: { reason: 'a voucher' },
        override: { reason: 'a wedding' },
      });
      expect(both.body.history[0].reason).toBe('a wedding');
      const [event] = await app.sql<{ after: object }>(
        'select after from booking_event where booking_id = $1',
        [both.body.id],
      );
      expect(event?.after).toMatchObject({ reason: 'a wedding', waiveReason: 'a voucher' });
    });

    it.each([
      ['24 hours when the visit is days away', '2030-03-04T09:00:00-05:00', '2030-03-02T09:00:00-05:00'],
      ['until two hours before a visit of today', '2030-03-01T15:00:00-05:00', '2030-03-01T13:00:00-05:00'],
      [
        'ten minutes when the visit is an hour away',
        '2030-03-01T10:00:00-05:00',
        '2030-03-01T09:10:00-05:00',
      ],
    ])('is held %s', async (_how, start, holdExpiresAt) => {
      expect((await forStaff(start)).body).toMatchObject({ status: 'held', holdExpiresAt });
    });

    it('cannot be confirmed without payment once its hold ran out', async () => {
      const held = await bookAsGuest(app, salon, NINE);
      await app.timeIs('2030-03-01T14:10:01Z');
      const waive = () =>
        reception.post(`/admin/bookings/${held.body.id}/waive-payment`, { reason: 'pays at the counter' });
      expect((await waive()).body.code).toBe('hold-expired');
      await app.sweep();
      expect((await waive()).body.code).toBe('hold-expired');
    });

    it('needs somebody who offers the service', async () => {
      const stranger = await aStaffMember(app);
      expect((await forStaff(NINE, { staffId: stranger })).body.code).toBe('service-staff-mismatch');
      const before = await written();
      expect((await bookAsGuest(app, salon, NINE, { staffId: stranger })).body.code).toBe(
        'service-staff-mismatch',
      );
      expect(await written()).toEqual(before);
    });

    it('takes somebody who has just learned the service, though the catalogue in memory says otherwise', async () => {
      const novice = await aStaffMember(app);
      await app.as().get(`/api/slots?serviceId=${salon.serviceId}&from=2030-03-04&to=2030-03-04`);
      const offer = [salon.serviceId, novice];
      await app.sql('insert into service_resource (service_id, resource_id) values ($1, $2)', offer);
      expect((await bookAsGuest(app, salon, NINE, { staffId: novice })).body.staff?.id).toBe(novice);
    });
  });

  it('frees the rest of the time of somebody who did not come', async () => {
    salon = await openSalon(app, { durationMinutes: 60 });
    const booked = await bookAsGuest(app, salon, NINE);
    await app.timeIs('2030-03-04T14:15:00Z');
    expect((await forStaff(startOf(1))).body.code).toBe('slot-unavailable');

    expect((await reception.post(`/admin/bookings/${booked.body.id}/no-show`)).status).toBe(200);

    const [row] = await app.sql<{ seconds: number }>(
      `select extract(epoch from upper(during) - '2030-03-04T14:15:00Z')::float8 as seconds from allocation where booking_id = $1 and active`,
      [booked.body.id],
    );
    expect(row?.seconds).toBeGreaterThanOrEqual(0);
    expect(row?.seconds).toBeLessThan(20);
    expect((await forStaff(startOf(1))).status).toBe(201);
  });

  it('marked late, does not lengthen the time of somebody who did not come over the next visit', async () => {
    const [first, next] = [await bookAsGuest(app, salon, NINE), await bookAsGuest(app, salon, startOf(1))];
    await app.timeIs('2030-03-04T14:45:00Z');
    expect((await reception.post(`/admin/bookings/${first.body.id}/no-show`)).status).toBe(200);
    expect((await manager.get(`/admin/bookings/${next.body.id}`)).body.status).toBe('confirmed');
  });

  it('lets a manager correct an outcome for seven days, and the reception not at all', async () => {
    const booked = await bookAsGuest(app, salon, NINE);
    const path = `/admin/bookings/${booked.body.id}`;
    const wrong = { status: 'no_show', reason: 'mistaken for somebody' };
    await app.timeIs('2030-03-04T14:30:00Z');
    expect((await reception.post(`${path}/complete`)).status).toBe(200);
    expect(await reception.post(`${path}/correct`, wrong)).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    await app.timeIs('2030-03-11T14:30:01Z');
    expect((await manager.post(`${path}/correct`, wrong)).body.code).toBe('invalid-transition');
    await app.timeIs('2030-03-11T14:29:00Z');
    const corrected = await manager.post(`${path}/correct`, wrong);
    expect(corrected.body.status).toBe('no_show');
    expect(corrected.body.history.at(-1)).toMatchObject({ type: 'corrected', reason: wrong.reason });
  });
});
