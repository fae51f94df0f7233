import { WORKER } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { OptOutService } from '../../src/customers/opt-out.service.js';
import { Database } from '../../src/database/database.service.js';
import { run } from '../../src/database/statement.js';
import { Message } from '../../src/messaging/entities/message.entity.js';
import { MessageBegin } from '../../src/messaging/message-begin.service.js';
import { CONTACT_LOCK, MESSAGE_BEGIN } from '../../src/messaging/messaging.sql.js';
import { NO_TICKET } from '../../src/messaging/pipeline.types.js';
import { aBooking, aPhone } from '../support/factories.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { FRIDAY_9, MONDAY_9 } from '../support/texting.js';

/** What the rules judged before, in the statement's order; by day nothing speaks against the text. */
interface Judged {
  revision: number;
  purpose: string | null;
  from: string;
}

/** The rules look first; this is about what has changed between their look and the row that lets the text out. */
describe('the last moment before a message goes out', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs(FRIDAY_9);
  });
  afterAll(() => app.stop());

  const planned = async (expiresAt = new Date(MONDAY_9)) => {
    const booking = await aBooking(app, { startsAt: MONDAY_9 });
    const id = newId();
    const toHash = id.padEnd(43, 'x');
    await app.get(Database).transact(WORKER, async (em, now) => {
      const whose = { customerId: booking.customerId, bookingId: booking.id, toAddress: aPhone(), toHash };
      const kind = { channel: 'sms', family: 'booking_reminder', class: 'transactional' } as const;
      em.create(Message, { id, ...whose, ...kind, dedupeKey: id, dueAt: now, expiresAt, createdAt: now });
    });
    return { id, toHash, bookingId: booking.id, customerId: booking.customerId };
  };
  type Planned = Awaited<ReturnType<typeof planned>>;

  const begin = ({ id }: Planned, { revision, purpose, from }: Judged) => {
    const quiet = [true, 'America/New_York', from, '20:00'];
    const text = ['Reminder', 'h'.repeat(43), 1, null, newId()];
    const values = [id, 'confirmed', revision, purpose, true, ...quiet, ...text, 1, null, null];
    return app.get(Database).transact(WORKER, (em) => run<{ id: string }>(em, MESSAGE_BEGIN, values));
  };
  const BY_DAY: Judged = { revision: 1, purpose: 'reminder_sms', from: '08:00' };

  /** As if somebody stopped the texts to the number just now; until it is let go. */
  const lockContact = async (phone: string) => {
    const [locked, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = app.get(Database).transact(WORKER, async (em) => {
      await run(em, CONTACT_LOCK, [app.get(OptOutService).contactHash(phone)]);
      locked.resolve();
      await over.promise;
    });
    await locked.promise;
    return async () => {
      over.resolve();
      await holding;
    };
  };
  const isAwaited = () =>
    waitFor(async () => {
      const waiting = await app.sql(
        `select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
      );
      return waiting.length === 1;
    });

  it('lets out what still holds, once', async () => {
    const message = await planned();
    expect(await begin(message, BY_DAY)).toHaveLength(1);
    expect(await begin(message, BY_DAY)).toHaveLength(0);
  });

  it('hears a STOP, and a START after it', async () => {
    const message = await planned();
    await app.sql(
      `insert into opt_out (id, channel, contact_hash, source, opted_out_at) values ($1, 'sms', $2, 'customer', app_now())`,
      [newId(), message.toHash],
    );
    expect(await begin(message, BY_DAY)).toHaveLength(0);
    await app.sql('update opt_out set lifted_at = app_now() where contact_hash = $1', [message.toHash]);
    expect(await begin(message, BY_DAY)).toHaveLength(1);
  });

  it('hears a no, and the yes after it', async () => {
    const message = await planned();
    const decide = (granted: boolean, minutes: number) =>
      app.sql(
        `insert into consent (id, customer_id, purpose, granted, text_version, source, actor_kind, at)
         values ($1, $2, 'reminder_sms', $3, 'v1', 'portal', 'customer', app_now() + make_interval(mins => $4))`,
        [newId(), message.customerId, granted, minutes],
      );
    await decide(false, 1);
    expect(await begin(message, BY_DAY)).toHaveLength(0);
    await decide(true, 2);
    expect(await begin(message, BY_DAY)).toHaveLength(1);
  });

  it.each([
    ['is cancelled', `status = 'cancelled', cancelled_by = 'customer'`],
    ['has moved', 'revision = 2'],
    ['has another text', 'version = 2'],
  ])('sees that the booking %s', async (_what, change) => {
    const message = await planned();
    await app.sql(`update booking set ${change} where id = $1`, [message.bookingId]);
    expect(await begin(message, BY_DAY)).toHaveLength(0);
  });

  it('sees that night has fallen, and that it is too late', async () => {
    expect(await begin(await planned(), { ...BY_DAY, from: '10:00' })).toHaveLength(0);
    expect(await begin(await planned(new Date(FRIDAY_9)), BY_DAY)).toHaveLength(0);
  });

  it('writes to no contact but the one it has locked', async () => {
    const message = await planned();
    const [before, after] = [aPhone(), aPhone()];
    const hasPhone = (phone: string) =>
      app.sql('update customer set phone = $2 where id = $1', [message.customerId, phone]);
    await hasPhone(before);
    const letGo = await lockContact(before);
    const begun = app.get(MessageBegin).begin(message.id, NO_TICKET);
    await isAwaited();
    await hasPhone(after);
    await letGo();
    expect(await begun).toMatchObject({ kind: 'parked' });
    expect(await app.get(MessageBegin).begin(message.id, NO_TICKET)).toMatchObject({
      begun: { outgoing: { to: after } },
    });
  });

  it('writes to nobody whose contact was corrected while it waited', async () => {
    const [before, after] = [aPhone(), aPhone()];
    const message = await planned();
    const toHash = app.get(OptOutService).contactHash(before);
    await app.sql('update customer set phone = $2 where id = $1', [message.customerId, before]);
    await app.sql('update message set to_address = $2, to_hash = $3 where id = $1', [
      message.id,
      before,
      toHash,
    ]);
    const letGo = await lockContact(before);
    const begun = app.get(MessageBegin).begin(message.id, NO_TICKET);
    await isAwaited();
    await app.sql('update customer set phone = $2 where id = $1', [message.customerId, after]);
    await letGo();
    expect(await begun).toMatchObject({ begun: { outgoing: { to: after } } });
  });

  it('goes to whom the booking belongs to by now, though it was planned for a guest who was merged meanwhile', async () => {
    const [message, guest] = [await planned(), await planned()];
    const phone = aPhone();
    await app.sql('update customer set phone = $2 where id = $1', [message.customerId, phone]);
    await app.sql('update message set customer_id = $2 where id = $1', [message.id, guest.customerId]);
    expect(await app.get(MessageBegin).begin(message.id, NO_TICKET)).toMatchObject({
      begun: { outgoing: { to: phone } },
    });
  });
});
