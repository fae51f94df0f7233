import { aGuest, aStaffAccount } from '../support/factories.js';
import { asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';

describe('with an open salon', () => {
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

  describe('booking', () => {
    const historyOf = async (id: string) =>
      (
        await app.sql<{ type: string }>('select type from booking_event where booking_id = $1 order by id', [
          id,
        ])
      ).map((row) => row.type);

    it('moves a booking in one step: the id stays, the revision grows, the old time is free', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
      const guest = await asGuestOf(app, booked);

      const moved = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, {
        start: '2030-03-05T11:00:00-05:00',
      });

      expect(moved.status).toBe(200);
      expect(moved.body).toMatchObject({
        id: booked.body.id,
        revision: 2,
        start: '2030-03-05T11:00:00-05:00',
      });
      expect(await historyOf(booked.body.id)).toEqual(['confirmed', 'rescheduled']);
      expect((await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00')).status).toBe(201);
    });

    it('keeps the old time when the new one is gone', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00');
      await bookAsGuest(app, salon, '2030-03-04T10:00:00-05:00');
      const guest = await asGuestOf(app, booked);

      const refused = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, {
        start: '2030-03-04T10:00:00-05:00',
      });

      expect(refused.body.code).toBe('slot-unavailable');
      expect((await guest.get(`/api/bookings/${booked.body.id}`)).body).toMatchObject({
        start: '2030-03-04T09:00:00-05:00',
        revision: 1,
      });
      expect((await bookAsGuest(app, salon, '2030-03-04T09:00:00-05:00')).body.code).toBe('slot-unavailable');
    });

    it('lets a long visit move by half an hour into its own old time', async () => {
      const long = await openSalon(app, { durationMinutes: 90 });
      const booked = await bookAsGuest(app, long, '2030-03-04T09:00:00-05:00');
      const guest = await asGuestOf(app, booked);
      const moved = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, {
        start: '2030-03-04T09:30:00-05:00',
      });
      expect(moved.status).toBe(200);
    });

    it('closes moving two hours before the start', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
      const guest = await asGuestOf(app, booked);
      await app.timeIs('2030-03-04T15:00:01Z');
      const late = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, {
        start: '2030-03-05T12:00:00-05:00',
      });
      expect(late.body).toMatchObject({
        code: 'reschedule-window-closed',
        closedAt: '2030-03-04T15:00:00.000Z',
      });
    });

    it('lets a guest move three times, each with a link of its own, and then sends them to the salon', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
      const link = { bookingId: booked.body.id, customerId: booked.body.customer.id, minutes: 60 * 24 * 30 };
      const move = async (start: string) => {
        const guest = app.as((await aGuest(app, link)).token);
        return guest.put(`/api/bookings/${booked.body.id}/reschedule`, { start });
      };
      for (const day of ['05', '06', '07'])
        expect((await move(`2030-03-${day}T12:00:00-05:00`)).status).toBe(200);
      expect((await move('2030-03-08T12:00:00-05:00')).body).toMatchObject({
        code: 'reschedule-limit',
        limit: 3,
      });
    });

    it('ends every link and guest session when the booking moves', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
      const guest = await asGuestOf(app, booked);
      await guest.put(`/api/bookings/${booked.body.id}/reschedule`, { start: '2030-03-05T12:00:00-05:00' });
      expect((await guest.get(`/api/bookings/${booked.body.id}`)).status).toBe(401);
      expect((await app.as().post('/api/manage/session', { token: booked.body.manageToken })).status).toBe(
        404,
      );
    });

    it('lets a guest cancel exactly 24 hours before, and not a moment later', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
      const guest = await asGuestOf(app, booked);
      await app.timeIs('2030-03-03T17:00:01Z');

      const refused = await guest.post(`/api/bookings/${booked.body.id}/cancel`);

      expect(refused.status).toBe(409);
      expect(refused.body).toMatchObject({
        code: 'cancellation-window-closed',
        closedAt: '2030-03-03T17:00:00.000Z',
        contact: { name: 'Lawrei Beauty' },
      });
      await app.timeIs('2030-03-03T16:59:00Z');
      const cancelled = await guest.post(`/api/bookings/${booked.body.id}/cancel`, { reason: 'ill' });
      expect(cancelled.status).toBe(200);
      expect(cancelled.body).toMatchObject({
        booking: { status: 'cancelled', cancelReason: 'ill' },
        refund: null,
      });
      expect(await historyOf(booked.body.id)).toEqual(['confirmed', 'cancelled']);
      expect((await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00')).status).toBe(201);
    });

    it('does not let anybody move away at the last moment to cancel for free', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
      const guest = await asGuestOf(app, booked);
      await app.timeIs('2030-03-03T20:00:00Z'); // inside 24 h, outside 2 h
      const moved = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, {
        start: '2030-03-12T12:00:00-04:00',
      });
      expect(moved.status).toBe(200);
      const link = { bookingId: booked.body.id, customerId: booked.body.customer.id, minutes: 60 * 24 * 30 };
      const again = app.as((await aGuest(app, link)).token);
      expect((await again.post(`/api/bookings/${booked.body.id}/cancel`)).body.code).toBe(
        'cancellation-window-closed',
      );
      const reference = await app.sql<{ reference_start: Date }>(
        'select reference_start from booking where id = $1',
        [booked.body.id],
      );
      expect(reference[0]?.reference_start.toISOString()).toBe('2030-03-04T17:00:00.000Z');
    });
  });

  describe('the rules of booking', () => {
    const NINE = '2030-03-04T09:00:00-05:00';
    const startOf = (index: number) => new Date(Date.parse(NINE) + index * 30 * 60_000).toISOString();
    let reception: Caller;
    beforeAll(async () => {
      reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    });

    const cancelAsStaff = (id: string, onBehalfOf: string) =>
      reception.post(`/admin/bookings/${id}/cancel`, { reason: 'flooded', onBehalfOf });

    describe('giving up', () => {
      it.each(['the guest', 'staff'])('a hold by %s frees its time at once', async (who) => {
        const paid = await openSalon(app, { paymentPolicy: 'full' });
        const held = await bookAsGuest(app, paid, NINE);

        const cancelled =
          who === 'staff'
            ? await cancelAsStaff(held.body.id, 'salon')
            : await (await asGuestOf(app, held)).post(`/api/bookings/${held.body.id}/cancel`);

        expect(cancelled.status).toBe(200);
        expect(cancelled.body.booking.status).toBe('cancelled');
        expect((await bookAsGuest(app, paid, NINE)).status).toBe(201);
      });

      it.each([
        ['customer', 'customer'],
        ['salon', 'staff'],
      ])('inside the 24 hours is open to staff on behalf of the %s', async (onBehalfOf, cancelledBy) => {
        const booked = await bookAsGuest(app, salon, NINE);
        await app.timeIs('2030-03-04T13:30:00Z');

        const cancelled = await cancelAsStaff(booked.body.id, onBehalfOf);

        expect(cancelled.body.booking).toMatchObject({ status: 'cancelled', cancelReason: 'flooded' });
        expect(
          await app.sql('select cancelled_by, cancelled_late from booking where id = $1', [booked.body.id]),
        ).toEqual([{ cancelled_by: cancelledBy, cancelled_late: true }]);
        const facts = await app.sql<{ by: string }>(
          `select distinct payload->>'by' as by from outbox_message where topic = 'booking.cancelled' and payload->>'bookingId' = $1`,
          [booked.body.id],
        );
        expect(facts).toEqual([{ by: onBehalfOf }]);
      });

      it('is refused to staff a second time', async () => {
        const booked = await bookAsGuest(app, salon, NINE);
        await cancelAsStaff(booked.body.id, 'salon');
        expect((await cancelAsStaff(booked.body.id, 'salon')).body).toMatchObject({
          code: 'invalid-transition',
          from: 'cancelled',
        });
      });
    });

    it('lets staff move an appointment inside the last two hours', async () => {
      const booked = await bookAsGuest(app, salon, NINE);
      await app.timeIs('2030-03-04T13:30:00Z');
      const moved = await reception.put(`/admin/bookings/${booked.body.id}/reschedule`, {
        start: startOf(1),
      });
      expect(moved.status).toBe(200);
      expect(moved.body).toMatchObject({ start: '2030-03-04T09:30:00-05:00', revision: 2 });
    });
  });
});
