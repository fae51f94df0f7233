import { aGuest, aStaffAccount, aStaffMember } from '../support/factories.js';
import { asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Answer } from '../support/test-app.js';

const NINE = '2030-03-04T09:00:00-05:00';
const MONDAY = 'from=2030-03-04&to=2030-03-04';

describe('the free starts a booking could move to', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday, 09:00 in New York
    salon = await openSalon(app);
  });

  const startsIn = ({ body }: Answer): string[] =>
    body.days.flatMap((day: { slots: { start: string }[] }) => day.slots.map((slot) => slot.start));
  const slotsOf = (booking: Answer, query = MONDAY) => `/api/bookings/${booking.body.id}/slots?${query}`;
  /** What a caller can tell two refusals apart by. */
  const said = ({ status, body }: Answer) => ({ status, ...body, instance: null, requestId: null });

  it('count its own time as free, and the public’s do not', async () => {
    const long = await openSalon(app, { durationMinutes: 90 });
    const booked = await bookAsGuest(app, long, '2030-03-04T12:00:00-05:00');

    const own = await (await asGuestOf(app, booked)).get(slotsOf(booked));
    const open = await app.as().get(`/api/slots?serviceId=${long.serviceId}&${MONDAY}`);

    expect(own.status).toBe(200);
    expect(own.headers['cache-control']).toBe('private, no-store');
    expect(startsIn(own)).toEqual(
      expect.arrayContaining([
        '2030-03-04T11:00:00-05:00',
        '2030-03-04T12:00:00-05:00',
        '2030-03-04T13:00:00-05:00',
      ]),
    );
    expect(startsIn(open)).not.toContain('2030-03-04T12:00:00-05:00');
    expect(startsIn(own)).toHaveLength(startsIn(open).length + 5);
    expect(own.body.meta).toMatchObject({ timeZone: 'America/New_York', stepMinutes: 30 });
  });

  it('leave out what others have taken, and each of them can really be moved to', async () => {
    const booked = await bookAsGuest(app, salon, NINE);
    await bookAsGuest(app, salon, '2030-03-04T10:00:00-05:00');
    const guest = await asGuestOf(app, booked);

    const starts = startsIn(await guest.get(slotsOf(booked)));

    expect(starts).toHaveLength(17);
    expect(starts).not.toContain('2030-03-04T10:00:00-05:00');
    const moved = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, { start: starts.at(-1) });
    expect(moved.body).toMatchObject({ start: starts.at(-1), revision: 2 });
  });

  it('are those of the same person, unless another is asked for', async () => {
    const two = await openSalon(app, { staff: 2 });
    const [first = '', second = ''] = two.staffIds;
    const booked = await bookAsGuest(app, two, NINE, { staffId: first });
    await bookAsGuest(app, two, '2030-03-04T10:00:00-05:00', { staffId: first });
    const guest = await asGuestOf(app, booked);

    const same = await guest.get(slotsOf(booked));
    const other = await guest.get(slotsOf(booked, `${MONDAY}&staffId=${second}`));
    const stranger = await guest.get(slotsOf(booked, `${MONDAY}&staffId=${await aStaffMember(app)}`));

    expect(startsIn(same)).not.toContain('2030-03-04T10:00:00-05:00');
    expect(same.body.days[0].slots[0].staffIds).toEqual([first]);
    expect(startsIn(other)).toContain('2030-03-04T10:00:00-05:00');
    expect(other.body.days[0].slots[0].staffIds).toEqual([second]);
    expect(stranger.body.code).toBe('service-staff-mismatch');
  });

  it('are anybody’s when that person does not offer the service any more, as a move would be', async () => {
    const two = await openSalon(app, { staff: 2 });
    const [first = '', second = ''] = two.staffIds;
    const booked = await bookAsGuest(app, two, NINE, { staffId: first });
    await app.sql('delete from service_resource where service_id = $1 and resource_id = $2', [
      two.serviceId,
      first,
    ]);

    const slots = await (await asGuestOf(app, booked)).get(slotsOf(booked));

    expect(slots.status).toBe(200);
    expect(slots.body.days[0].slots[0].staffIds).toEqual([second]);
  });

  it('keep to the customers’ notice and horizon, and show the price of the deal', async () => {
    const booked = await bookAsGuest(app, salon, NINE);
    await app.sql('update service set price_minor = 9900 where id = $1', [salon.serviceId]);
    const guest = await asGuestOf(app, booked);

    const today = await guest.get(slotsOf(booked, 'from=2030-03-01&to=2030-03-01'));
    const beyond = await guest.get(slotsOf(booked, 'from=2030-06-01&to=2030-06-02'));

    expect(startsIn(today)[0]).toBe('2030-03-01T11:30:00-05:00'); // the clock has gone on since
    expect(startsIn(beyond)).toEqual([]);
    expect(today.body.price).toEqual({ amount: 8500, currency: 'USD' });
  });

  it('are shown in the asked zone, for at most 62 days', async () => {
    const booked = await bookAsGuest(app, salon, NINE);
    const guest = await asGuestOf(app, booked);

    const berlin = await guest.get(slotsOf(booked, `${MONDAY}&timeZone=Europe/Berlin`));
    const long = await guest.get(slotsOf(booked, 'from=2030-03-04&to=2030-05-05'));
    const backwards = await guest.get(slotsOf(booked, 'from=2030-03-04&to=2030-03-03'));

    expect(startsIn(berlin)[0]).toBe('2030-03-04T15:00:00+01:00');
    for (const refused of [long, backwards]) {
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0]).toMatchObject({ pointer: '/to', code: 'range' });
    }
    expect((await guest.get(slotsOf(booked, 'from=2030-03-04&to=2030-05-04'))).status).toBe(200);
  });

  it('of another’s booking are as little there as those of one that never was', async () => {
    const [mine, other] = [
      await bookAsGuest(app, salon, NINE),
      await bookAsGuest(app, salon, '2030-03-04T10:00:00-05:00'),
    ];
    const guest = await asGuestOf(app, mine);

    const theirs = await guest.get(slotsOf(other));
    const nobodys = await guest.get(`/api/bookings/${salon.serviceId}/slots?${MONDAY}`);

    expect(theirs.status).toBe(404);
    expect(said(theirs)).toEqual(said(nobodys));
    expect((await app.as().get(slotsOf(mine))).status).toBe(401);
    const staff = app.as((await aStaffAccount(app, { role: 'owner' })).token);
    expect((await staff.get(slotsOf(mine))).status).toBe(403);
  });

  describe('are refused as the move itself would be', () => {
    const bothRefuse = async (booked: Answer) => {
      const link = { bookingId: booked.body.id, customerId: booked.body.customer.id, minutes: 60 * 24 * 30 };
      const guest = app.as((await aGuest(app, link)).token);
      const slots = await guest.get(slotsOf(booked));
      const move = await guest.put(`/api/bookings/${booked.body.id}/reschedule`, {
        start: '2030-03-05T12:00:00-05:00',
      });
      expect(slots.status).toBe(409);
      expect(said(slots)).toEqual(said(move));
      return slots.body;
    };

    it('when the window has closed', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
      await app.timeIs('2030-03-04T15:00:01Z');
      expect(await bothRefuse(booked)).toMatchObject({
        code: 'reschedule-window-closed',
        closedAt: '2030-03-04T15:00:00.000Z',
        contact: { name: 'Lawrei Beauty' },
      });
    });

    it('when it was moved as often as it may', async () => {
      const booked = await bookAsGuest(app, salon, '2030-03-04T12:00:00-05:00');
      await app.sql('update booking set customer_moves = 3 where id = $1', [booked.body.id]);
      expect(await bothRefuse(booked)).toMatchObject({ code: 'reschedule-limit', limit: 3 });
    });

    it('while it is only held, and once it is cancelled', async () => {
      const paid = await openSalon(app, { paymentPolicy: 'full' });
      const booked = await bookAsGuest(app, paid, '2030-03-04T12:00:00-05:00');
      expect(await bothRefuse(booked)).toMatchObject({ code: 'invalid-transition', from: 'held' });
      await (await asGuestOf(app, booked)).post(`/api/bookings/${booked.body.id}/cancel`);
      expect(await bothRefuse(booked)).toMatchObject({ code: 'invalid-transition', from: 'cancelled' });
    });
  });
});
