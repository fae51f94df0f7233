import { bookingMessages } from '../support/booking-messages.js';
import { aBooking, theOwner, type MadeBooking } from '../support/factories.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

/** Monday 4 March 2030, 20:00 in New York, and the same wall clock the day before, when its reminder is due. */
const MONDAY_20 = '2030-03-05T01:00:00Z';
const SUNDAY_20 = '2030-03-04T01:00:00Z';
/** When nobody is written to any more. */
const SUNDAY_22 = '2030-03-04T03:00:00Z';
const MONDAY_9 = '2030-03-04T14:00:00Z';

describe('messages of a database that was put back from a backup', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  beforeEach(async () => {
    await app.sql('update business set restored_at = null, backed_up_at = null');
    await app.timeIs(FRIDAY_9);
  });
  afterAll(() => app.stop());

  const { byPhone, confirm, mailsTo, messageOf, stateIs, textsTo } = bookingMessages(() => app);

  const confirmed = async (booking: MadeBooking) => {
    await confirm(booking);
    await app.effectsDone();
    return booking;
  };
  const byMail = () => aBooking(app, { startsAt: MONDAY_20, phone: null });
  const remindersTo = async ({ phone, email }: MadeBooking) => [
    ...(await textsTo(phone)).filter((body) => body.includes('eminder')),
    ...(await mailsTo(email)).filter(({ subject }) => subject.includes('eminder')),
  ];
  const timeIs = async (instant: string) => {
    await app.timeIs(instant);
    await app.effectsDone();
  };
  /** Reports come out of order: one that comes after the database was put back tells it of what was sent. */
  const reported = ({ phone }: MadeBooking) =>
    waitFor(async () =>
      (await app.sandbox.state({ to: phone ?? '' })).sms.every(({ callbacks }) =>
        ['sending', 'sent', 'delivered'].every((step) => callbacks.some(({ status }) => status === step)),
      ),
    );
  /** The database as it was before the reminder went out; the provider has it. Until it is told of its restore nobody claims it. */
  const forgotten = async ({ id }: MadeBooking) => {
    await app.sql(
      `with m as (update message set state = 'planned', provider_id = null, body_hash = null, accepted_at = null, final_at = null
                   where booking_id = $1 and family = 'booking_reminder' returning id),
            a as (delete from message_attempt where message_id in (select id from m))
       update outbox_message set state = 'pending', finished_at = null, retry_at = now() + interval '1 minute'
        where handler = 'message.send' and payload ->> 'messageId' in (select id::text from m)`,
      [id],
    );
  };
  const restored = (at: string) =>
    app
      .sql(`update outbox_message set retry_at = now() + interval '1 minute' where state = 'pending'`)
      .then(() => app.timeIs(at))
      .then(() =>
        app.sql(`update business set restored_at = app_now(), backed_up_at = now() - interval '1 hour'`),
      )
      .then(() => app.sql('update outbox_message set retry_at = null'))
      .then(() => app.effectsDone());
  const heldBack = async ({ id }: MadeBooking) =>
    app.sql<{ id: string }>(
      `select o.id from outbox_message o join message m on m.id::text = o.payload ->> 'messageId'
        where m.booking_id = $1 and m.family = 'booking_reminder' and o.state = 'dead' and m.reason like 'Held back%'`,
      [id],
    );

  it('are not sent in the morning when they were sent before the night in which it was put back', async () => {
    const booking = await confirmed(await byPhone({ startsAt: MONDAY_20 }));
    await timeIs(SUNDAY_20);
    await stateIs(booking.id, 'booking_reminder', ['delivered']);
    expect(await remindersTo(booking)).toHaveLength(1);
    await reported(booking);
    await forgotten(booking);
    await restored(SUNDAY_22);
    await timeIs(MONDAY_9);
    expect(await remindersTo(booking)).toHaveLength(1);
    expect(await heldBack(booking)).toHaveLength(1);
  });

  it('are sent in the morning when nobody had sent them', async () => {
    const booking = await confirmed(await byPhone({ startsAt: MONDAY_20 }));
    await restored(SUNDAY_22);
    expect(await remindersTo(booking)).toHaveLength(0);
    await timeIs(MONDAY_9);
    expect(await remindersTo(booking)).toHaveLength(1);
  });

  it('wait for a person when nobody can be asked, and go out at a person’s word', async () => {
    const booking = await confirmed(await byMail());
    await restored(SUNDAY_20);
    expect(await remindersTo(booking)).toHaveLength(0);
    const [effect] = await heldBack(booking);
    const owner = app.as(await theOwner(app));
    expect((await owner.post(`/admin/outbox/${effect?.id}/retry`)).status).toBe(200);
    await app.effectsDone();
    expect(await remindersTo(booking)).toHaveLength(1);
    expect(await messageOf(booking.id, 'booking_reminder', 'email')).toMatchObject({ state: 'sent' });
  });

  it('are sent as ever when they were not due by then', async () => {
    const booking = await confirmed(await byMail());
    await restored('2030-03-03T15:00:00Z');
    await timeIs(SUNDAY_20);
    expect(await remindersTo(booking)).toHaveLength(1);
  });

  it('are sent as ever an hour later', async () => {
    const booking = await byMail();
    await restored('2030-03-02T15:00:00Z');
    // An hour after the restore, which was noted a moment after three.
    await app.timeIs('2030-03-02T16:00:30Z');
    await confirmed(booking);
    expect(await mailsTo(booking.email)).not.toHaveLength(0);
    const other = await byMail();
    await restored('2030-03-02T17:00:00Z');
    await app.timeIs('2030-03-02T17:59:00Z');
    await confirmed(other);
    expect(await mailsTo(other.email)).toHaveLength(0);
  });
});
