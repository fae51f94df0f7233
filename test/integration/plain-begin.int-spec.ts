import { jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { WORKER } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { OptOutService } from '../../src/customers/opt-out.service.js';
import { Database } from '../../src/database/database.service.js';
import { ChannelRegistry } from '../../src/messaging/channel.registry.js';
import { Message } from '../../src/messaging/entities/message.entity.js';
import { MessageBegin } from '../../src/messaging/message-begin.service.js';
import { MessageDelivery } from '../../src/messaging/message-delivery.service.js';
import { NO_TICKET, type BegunAttempt } from '../../src/messaging/pipeline.types.js';
import { RetryLater } from '../../src/outbox/outbox.types.js';
import { PlainBegin } from '../../src/messaging/plain-begin.service.js';
import { aBooking, type MadeBooking } from '../support/factories.js';
import { TestApp } from '../support/test-app.js';
import { FRIDAY_9, MONDAY_9 } from '../support/texting.js';

type Kind = Pick<Message, 'channel' | 'family' | 'class'> &
  Partial<Pick<Message, 'automatic' | 'body' | 'subject'>>;

const REMINDER: Kind = { channel: 'sms', family: 'booking_reminder', class: 'reminder' };

describe('the begin of what is plainly to be sent', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs(FRIDAY_9);
  });
  afterAll(() => app.stop());

  const plan = async (booking: MadeBooking, kind: Kind, changes: Partial<Message> = {}) => {
    const id = newId();
    const toAddress = (kind.channel === 'sms' ? booking.phone : booking.email) ?? '';
    const toHash = app.get(OptOutService).contactHash(toAddress);
    await app.get(Database).transact(WORKER, async (em, now) => {
      const whose = { customerId: booking.customerId, bookingId: booking.id, toAddress, toHash };
      const times = { dueAt: now, expiresAt: new Date(MONDAY_9), createdAt: now };
      em.create(Message, { id, ...whose, ...kind, ...times, dedupeKey: id, ...changes });
    });
    return id;
  };
  const plainly = (id: string) => app.get(PlainBegin).begin(id);
  const underLocks = async (id: string) => {
    const step = await app.get(MessageBegin).begin(id, NO_TICKET, true);
    return step.kind === 'begun' ? step.begun : null;
  };
  /** What a begin hands over and leaves behind, but for ids, times and the tokens of links. */
  const tracesOf = async (id: string, begun: BegunAttempt | null) => {
    const [row] = await app.sql<{ id: string; booking_id: string }>(
      'select state, subject, body, segments, to_address, reason, booking_id from message where id = $1',
      [id],
    );
    const attempts = await app.sql(
      'select channel, number, customer_id, outcome from message_attempt where message_id = $1',
      [id],
    );
    const links = await app.sql('select 1 from manage_link where booking_id = $1', [row?.booking_id]);
    const { invitation = null, body = '', to, subject } = begun?.outgoing ?? {};
    const said = { to, subject, body: body.replace(/#[\w-]+/, '#token'), channel: begun?.channel };
    return {
      row,
      attempts,
      links: links.length,
      said,
      invitation: invitation && { ...invitation, saidAt: null },
    };
  };

  it.each<[string, Kind]>([
    ['a confirmation', { channel: 'sms', family: 'booking_confirmed', class: 'transactional' }],
    ['a reminder', REMINDER],
    [
      'a confirmation with a link and an invitation',
      { channel: 'email', family: 'booking_confirmed', class: 'transactional' },
    ],
    ['news of a move', { channel: 'email', family: 'booking_rescheduled', class: 'transactional' }],
    ['a reminder by e-mail', { channel: 'email', family: 'booking_reminder', class: 'reminder' }],
    ['a notice to staff', { channel: 'email', family: 'staff_booking_new', class: 'staff' }],
    [
      'words of people',
      {
        ...{ channel: 'email', family: 'manual', class: 'transactional' },
        ...{ automatic: false, subject: 'Shoes', body: 'You forgot your “shoes”.' },
      },
    ],
  ])('writes %s as the way under locks does', async (_, kind) => {
    const traces = [];
    for (const begin of [plainly, underLocks]) {
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      await app.sql(`update customer set email = 'ada@example.com', phone = '+14155550123' where id = $1`, [
        booking.customerId,
      ]);
      const id = await plan({ ...booking, email: 'ada@example.com', phone: '+14155550123' }, kind);
      const begun = await begin(id);
      expect(begun?.outgoing.id).toBe(id);
      traces.push(
        JSON.parse(
          JSON.stringify(await tracesOf(id, begun))
            .replaceAll(booking.id, 'booking')
            .replaceAll(booking.customerId, 'customer'),
        ),
      );
      await app.sql('delete from message_attempt where message_id = $1', [id]);
    }
    expect(traces[0]).toEqual(traces[1]);
    expect(traces[0].row.state).toBe('submitting');
  });

  it.each<[string, string]>([
    ['is due later', `update message set due_at = due_at + interval '1 hour' where id = :message`],
    ['comes too late', `update message set expires_at = app_now() where id = :message`],
    ['tells of a booking that moved', 'update booking set revision = 2 where id = :booking'],
    [
      'goes to whoever said STOP',
      `insert into opt_out (id, channel, contact_hash, source, opted_out_at) select :message, 'sms', to_hash, 'sms', app_now() from message where id = :message`,
    ],
    ['goes to whoever has no phone now', 'update customer set phone = null where id = :customer'],
    [
      'goes to whoever has another phone now',
      `update customer set phone = '+14155550199' where id = :customer`,
    ],
    [
      'follows another',
      'update message set after_id = (select id from message where id <> :message limit 1) where id = :message',
    ],
    [
      'tells of a cancellation',
      `with off as (update booking set status = 'cancelled', cancelled_by = 'customer' where id = :booking)
       update message set family = 'booking_cancelled' where id = :message`,
    ],
    ['is on its way', `update message set state = 'submitting', body_hash = 'x' where id = :message`],
    ['may have been sent before a restore', `update business set restored_at = now(), backed_up_at = now()`],
    ['goes abroad, against the settings', `update business set sms_countries = '{EE}'`],
    ['costs more than is left', 'update business set sms_daily_budget = 0'],
  ])('leaves a message that %s to a closer look', async (_, change) => {
    await plan(await aBooking(app, { startsAt: MONDAY_9 }), REMINDER);
    const booking = await aBooking(app, { startsAt: MONDAY_9 });
    const id = await plan(booking, REMINDER);
    const about = { message: id, booking: booking.id, customer: booking.customerId };
    await app.sql(change.replaceAll(/:(\w+)/g, (_all, name: keyof typeof about) => `'${about[name]}'`));
    expect(await plainly(id)).toBeNull();
    expect(await app.sql('select 1 from message_attempt where message_id = $1', [id])).toEqual([]);
    await app.sql(
      `update business set restored_at = null, backed_up_at = null, sms_countries = '{}', sms_daily_budget = 1000`,
    );
  });

  it.each([
    [39_000, 0, 'is sent', 1],
    [41_000, 0, 'is left to whoever claims it next', 0],
    // As the first of a process does, on a slow machine.
    [39_000, 1_100, 'is left to whoever claims it next', 0],
  ])(
    'that comes %i ms after its claim, of a lease of a minute, and waits %i for the library %s',
    async (ageMs, loadsForMs, _, texts) => {
      const gateway = app.get(ChannelRegistry).of('sms');
      const ready = gateway.ready.bind(gateway);
      jest.spyOn(gateway, 'ready').mockImplementationOnce(async () => {
        await pause(loadsForMs);
        await ready();
      });
      const booking = await aBooking(app, { startsAt: MONDAY_9 });
      const id = await plan(booking, REMINDER);
      const begun = await plainly(id);
      if (!begun) throw new Error('it did not begin');
      const ticket = { ...NO_TICKET, claimedAtMs: performance.now() - ageMs };
      await app
        .get(MessageDelivery)
        .deliver(begun, ticket)
        .catch((error: unknown) => {
          if (!(error instanceof RetryLater)) throw error;
        });
      const { sms } = await app.sandbox.state({ to: booking.phone ?? '' });
      const attempts = await app.sql('select outcome from message_attempt where message_id = $1', [id]);
      expect([sms.length, attempts]).toEqual([texts, [{ outcome: texts === 1 ? 'accepted' : 'refused' }]]);
    },
  );

  it('lets one of many begin it', async () => {
    const id = await plan(await aBooking(app, { startsAt: MONDAY_9 }), REMINDER);
    const begun = await Promise.all(Array.from({ length: 8 }, () => plainly(id)));
    expect(begun.filter((attempt) => attempt !== null)).toHaveLength(1);
    expect(await app.sql('select 1 from message_attempt where message_id = $1', [id])).toHaveLength(1);
  });
});
