import { aBooking, aPhone, aStaffAccount, tell } from '../support/factories.js';
import { openSalon } from '../support/salon.js';
import { sendStop } from '../support/stop-races.js';
import { TestApp, waitFor, type Caller } from '../support/test-app.js';

const FRIDAY_9 = '2030-03-01T14:00:00Z';
const RACES = 50;

describe('messages in a race', () => {
  let app: TestApp;
  let other: TestApp;
  let reception: Caller;
  beforeAll(async () => {
    app = await TestApp.start({ env: { MESSAGE_RECONCILE_MS: '200' } });
    // A second node behind the same address, on the same database and the same providers.
    const shared = { LAWREI_DATA_DIR: app.config.dataDir, PUBLIC_URL: app.config.publicUrl };
    other = await TestApp.start({ database: app.database, env: { ...shared, MESSAGE_RECONCILE_MS: '200' } });
    await app.sandbox.config({ stepMs: 1 });
    reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
  }, 60_000);
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(async () => {
    await other.stop();
    await app.stop();
  });

  const textsTo = async (phone: string) => (await app.sandbox.state({ to: phone })).sms;
  const customer = (phone: string) => ({ name: 'Ada Lovelace', phone });

  it('a hundred confirmations of one booking at once, on two nodes, give one text', async () => {
    const salon = await openSalon(app, { paymentPolicy: 'full' });
    const phone = aPhone();
    const held = await app.as().post('/api/bookings', {
      serviceId: salon.serviceId,
      start: '2030-03-05T10:00:00-05:00',
      customer: customer(phone),
    });
    const { token } = await aStaffAccount(app, { role: 'reception' });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? app : other)
          .as(token)
          .post(`/admin/bookings/${held.body.id}/waive-payment`, { reason: 'regular' }),
      ),
    );
    await app.effectsDone();
    await other.effectsDone();
    const withStatus = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect({ confirmed: withStatus(200), refused: withStatus(409) }).toEqual({ confirmed: 1, refused: 99 });
    const confirmations = await app.sql(
      `select 1 from message where booking_id = $1 and family = 'booking_confirmed'`,
      [held.body.id],
    );
    const [first, ...more] = (await textsTo(phone)).filter(({ body }) => body.includes('confirmed'));
    expect(confirmations).toHaveLength(1);
    expect(first).toBeDefined();
    expect(more).toEqual([]);
  });

  it('an appointment moved from Tuesday to Wednesday and back is remembered once, on Monday', async () => {
    const salon = await openSalon(app);
    const phone = aPhone();
    const tuesday = '2030-03-05T10:00:00-05:00';
    const booked = await app
      .as()
      .post('/api/bookings', { serviceId: salon.serviceId, start: tuesday, customer: customer(phone) });
    await app.effectsDone();
    for (const start of ['2030-03-06T10:00:00-05:00', tuesday]) {
      const moved = await reception.put(`/admin/bookings/${booked.body.id}/reschedule`, { start });
      expect(moved.status).toBe(200);
      await app.effectsDone();
    }
    const sentBy: Record<string, number> = {};
    for (const instant of [
      '2030-03-03T23:00:00Z',
      '2030-03-04T14:50:00Z',
      '2030-03-04T15:10:00Z',
      '2030-03-05T03:00:00Z',
      '2030-03-05T14:00:00Z',
      '2030-03-05T15:10:00Z',
      '2030-03-06T16:00:00Z',
    ]) {
      await app.timeIs(instant);
      await app.sweep();
      await app.effectsDone();
      await other.effectsDone();
      const reminders = await app.sql(
        `select 1 from message where booking_id = $1 and family = 'booking_reminder' and state in ('queued', 'accepted', 'sending', 'sent', 'delivered')`,
        [booked.body.id],
      );
      sentBy[instant] = reminders.length;
    }
    const reminders = await app.sql<{ due: string; body: string; provider_id: string }>(
      `select to_char(due_at at time zone 'America/New_York', 'Dy HH24:MI') as due, body, provider_id from message
        where booking_id = $1 and family = 'booking_reminder' and provider_id is not null`,
      [booked.body.id],
    );
    const texts = await textsTo(phone);
    expect(sentBy['2030-03-04T14:50:00Z']).toBe(0);
    expect(sentBy['2030-03-04T15:10:00Z']).toBe(1);
    expect(reminders).toEqual([
      { due: 'Mon 10:00', body: expect.any(String), provider_id: expect.any(String) },
    ]);
    expect(texts.filter(({ sid }) => sid === reminders[0]?.provider_id)).toHaveLength(1);
    expect(texts.filter(({ body }) => body === reminders[0]?.body)).toHaveLength(1);
    expect(sentBy['2030-03-06T16:00:00Z']).toBe(1);
  });

  it(`no attempt begins after the commit of a STOP, in ${RACES} races`, async () => {
    const [{ on } = { on: '' }] = await app.sql<{ on: string }>(
      `select current_setting('track_commit_timestamp') as on`,
    );
    const phones = Array.from({ length: RACES }, () => aPhone());
    const bookings = await Promise.all(
      phones.map((phone) => aBooking(app, { phone, email: null, startsAt: '2030-03-04T14:00:00Z' })),
    );
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    // However slow the machine is, some of the texts are begun before their STOP.
    const begun = (bookingId: string) =>
      waitFor(
        async () =>
          (
            await app.sql(
              'select 1 from message_attempt a join message m on m.id = a.message_id where m.booking_id = $1',
              [bookingId],
            )
          ).length > 0,
      );
    const statuses: number[] = [];
    for (const [index, booking] of bookings.entries()) {
      await tell(index % 2 === 0 ? app : other, 'booking.confirmed', booking.id);
      await (index % 5 === 4 ? begun(booking.id) : pause((index * 7) % 41));
      statuses.push(await sendStop(app, phones[index] ?? '', index));
    }
    await app.effectsDone();
    await other.effectsDone();

    const attempts = await app.sql<{ late: boolean }>(
      `select a.started_at > pg_xact_commit_timestamp(o.xmin) as late
         from message_attempt a join message m on m.id = a.message_id join opt_out o on o.contact_hash = m.to_hash where m.to_address = any($1)`,
      [phones],
    );
    const stopped = await app.sql(
      `select 1 from message where to_address = any($1) and direction = 'out' and state = 'superseded'`,
      [phones],
    );
    const optOuts = await app.sql(
      `select 1 from opt_out o join message m on m.to_hash = o.contact_hash and m.direction = 'in'`,
    );
    expect(on).toBe('on');
    expect([...new Set(statuses)]).toEqual([200]);
    expect(optOuts.length).toBeGreaterThanOrEqual(RACES);
    expect(attempts.filter(({ late }) => late)).toEqual([]);
    // Both came first now and then, or it was no race.
    expect(attempts.length).toBeGreaterThan(0);
    expect(stopped.length).toBeGreaterThan(0);
  }, 60_000);
});
