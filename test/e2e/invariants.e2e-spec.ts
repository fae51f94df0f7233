import { INVARIANTS } from '../../src/operations/invariants.sql.js';
import { Sentinel } from '../../src/operations/sentinel.service.js';
import { aStaffAccount } from '../support/factories.js';
import { asGuestOf, bookAsGuest, openSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';

const at = (time: string) => `2030-03-04T${time}:00-05:00`;

/** How to break what must always hold, past the application and past the constraints that forbid it; and how to put it right. */
interface Breach {
  breaks: readonly string[];
  how: string;
  mend: string;
}

describe('the sentinel', () => {
  let app: TestApp;
  let manager: Caller;
  const ids = { standing: '', cancelled: '', held: '', account: '' };

  const proven = async () => {
    await app.get(Sentinel).prove();
    return (await manager.get('/admin/invariants')).body;
  };

  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs('2030-03-01T14:00:00Z');
    manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    const reception = await aStaffAccount(app, { role: 'reception' });
    const salon = await openSalon(app);
    const standing = await bookAsGuest(app, salon, at('09:00'));
    const cancelled = await bookAsGuest(app, salon, at('10:00'));
    await (await asGuestOf(app, cancelled)).post(`/api/bookings/${cancelled.body.id}/cancel`);
    const paid = await app.as(reception.token).post(`/admin/bookings/${standing.body.id}/record-payment`, {
      amount: standing.body.price,
      method: 'cash',
    });
    if (standing.status !== 201 || paid.status !== 201) throw new Error(`${standing.text} ${paid.text}`);
    const held = await bookAsGuest(app, await openSalon(app, { paymentPolicy: 'full' }), at('11:00'));
    Object.assign(ids, { standing: standing.body.id, cancelled: cancelled.body.id });
    Object.assign(ids, { held: held.body.id, account: reception.id });
    for (const rule of ['booking_confirmed_is_paid', 'message_attempt_number_unique'])
      await app.sql(
        `alter table ${rule.startsWith('booking') ? 'booking' : 'message_attempt'} drop constraint ${rule}`,
      );
    await app.sql('alter table allocation drop constraint allocation_no_overlap');
  });
  afterAll(() => app.stop());

  it('finds all well with what the application did', async () => {
    const { hold, invariants } = await proven();
    expect(hold).toBe(true);
    expect(invariants.map(({ name }: { name: string }) => name).toSorted()).toEqual(
      INVARIANTS.map(({ name }) => name).toSorted(),
    );
    expect(invariants[0]).toMatchObject({ holds: true, broken: 0, sample: [], brokenSince: null });
  });

  const message = (booking: keyof typeof ids, started: string, attempts: number) => `
    with m as (insert into message (id, booking_id, channel, family, class, to_address, to_hash, dedupe_key, state, due_at, expires_at, created_at, accepted_at, final_at, body_hash)
      values ('00000000-0000-7000-8000-000000000001', '{${booking}}', 'sms', 'booking_reminder', 'reminder', 'x', 'x', 'planted', 'delivered', now(), now(), now(), now(), now(), 'x') returning id)
    insert into message_attempt (id, message_id, channel, number, started_at, finished_at, outcome, provider_id)
      select gen_random_uuid(), m.id, 'sms', 1, ${started}, now(), 'accepted', 'SM1' from m, generate_series(1, ${attempts})`;
  const noMessage = `delete from message where dedupe_key = 'planted'`;

  it.each<Breach>([
    {
      breaks: ['no-overlap', 'standing-booking-has-its-time'],
      how: `insert into allocation (id, booking_id, resource_id, during) select '00000000-0000-7000-8000-000000000002', booking_id, resource_id, during
              from allocation where booking_id = '{standing}'`,
      mend: `delete from allocation where id = '00000000-0000-7000-8000-000000000002'`,
    },
    {
      breaks: ['standing-booking-has-its-time'],
      how: `update allocation set active = false where booking_id = '{standing}'`,
      mend: `update allocation set active = true where booking_id = '{standing}'`,
    },
    {
      breaks: ['time-is-of-a-standing-booking'],
      how: `update allocation set active = true where booking_id = '{cancelled}'`,
      mend: `update allocation set active = false where booking_id = '{cancelled}'`,
    },
    {
      breaks: ['time-is-where-its-booking-is'],
      how: `update booking set ends_at = ends_at + interval '15 minutes' where id = '{standing}'`,
      mend: `update booking set ends_at = ends_at - interval '15 minutes' where id = '{standing}'`,
    },
    {
      breaks: ['only-holds-run-out'],
      how: `update allocation set held_until = app_now() + interval '1 hour' where booking_id = '{standing}'`,
      mend: `update allocation set held_until = null where booking_id = '{standing}'`,
    },
    {
      breaks: ['holds-end'],
      how: `update booking set hold_expires_at = hold_expires_at - interval '30 minutes' where id = '{held}'`,
      mend: `update booking set hold_expires_at = hold_expires_at + interval '30 minutes' where id = '{held}'`,
    },
    {
      breaks: ['confirmed-is-paid'],
      how: `update booking set due_to_confirm_minor = total_minor, paid_minor = 0 where id = '{standing}';
            update payment set state = 'canceled', settled_at = null, provider = 'stripe', way = 'intent' where booking_id = '{standing}'`,
      mend: `update booking set due_to_confirm_minor = 0, paid_minor = total_minor where id = '{standing}';
             update payment set state = 'succeeded', settled_at = now(), provider = 'cash', way = null where booking_id = '{standing}'`,
    },
    {
      breaks: ['history-is-whole'],
      how: `update booking set revision = 2 where id = '{standing}'`,
      mend: `update booking set revision = 1 where id = '{standing}'`,
    },
    {
      breaks: ['history-ends-where-the-booking-is'],
      how: `update booking set status = 'no_show' where id = '{standing}'`,
      mend: `update booking set status = 'confirmed' where id = '{standing}'`,
    },
    {
      breaks: ['changes-have-their-effects'],
      how: `update outbox_message set payload = payload || '{"revision": 7}' where payload ->> 'bookingId' = '{cancelled}' and topic = 'booking.cancelled'`,
      mend: `update outbox_message set payload = payload || '{"revision": 1}' where payload ->> 'bookingId' = '{cancelled}' and topic = 'booking.cancelled'`,
    },
    {
      breaks: ['claims-end'],
      how: `update outbox_message set state = 'claimed', claimed_by = gen_random_uuid(), lease_until = now() - interval '6 minutes'
             where payload ->> 'bookingId' = '{standing}'`,
      mend: `update outbox_message set state = 'pending', claimed_by = null, lease_until = null where state = 'claimed'`,
    },
    {
      breaks: ['nothing-for-the-cancelled'],
      how: message('cancelled', `now() + interval '1 minute'`, 1),
      mend: noMessage,
    },
    { breaks: ['sent-once'], how: message('standing', 'now()', 2), mend: noMessage },
    {
      breaks: ['paid-is-what-came'],
      how: `update booking set paid_minor = paid_minor - 1 where id = '{standing}'`,
      mend: `update booking set paid_minor = paid_minor + 1 where id = '{standing}'`,
    },
    {
      breaks: ['refunds-are-of-their-payment'],
      how: `update payment set refunded_minor = 1 where booking_id = '{standing}'`,
      mend: `update payment set refunded_minor = 0 where booking_id = '{standing}'`,
    },
    {
      breaks: ['books-agree-with-the-provider'],
      how: `update payment set drifted_at = now() - interval '2 hours' where booking_id = '{standing}'`,
      mend: `update payment set drifted_at = null where booking_id = '{standing}'`,
    },
    {
      breaks: ['receipts-have-no-gaps'],
      how: 'update receipt set number = number + 1',
      mend: 'update receipt set number = number - 1',
    },
    {
      breaks: ['erased-are-nobody'],
      how: `${message('standing', 'now()', 1)};
            with gone as (insert into customer (id, name, erased_at, created_at) values ('00000000-0000-7000-8000-000000000003', 'Erased', now(), now()) returning id)
            select id from gone;
            update message set customer_id = '00000000-0000-7000-8000-000000000003' where dedupe_key = 'planted'`,
      mend: `${noMessage}; delete from customer where id = '00000000-0000-7000-8000-000000000003'`,
    },
    {
      breaks: ['disabled-are-out'],
      how: `update account set disabled_at = now() where id = '{account}'`,
      mend: `update account set disabled_at = null where id = '{account}'`,
    },
    {
      breaks: ['rows-are-fenced'],
      how: 'alter table customer no force row level security',
      mend: 'alter table customer force row level security',
    },
    {
      breaks: ['log-is-append-only'],
      how: 'grant update on audit_log to lawrei_app',
      mend: 'revoke update on audit_log from lawrei_app',
    },
  ])('finds broken: $breaks', async ({ breaks, how, mend }) => {
    const filled = (text: string) =>
      text.replaceAll(/\{(\w+)\}/g, (all, key: string) => ids[key as keyof typeof ids] ?? all);
    for (const step of filled(how).split(/;\n/)) await app.sql(step);
    const { hold, invariants } = await proven();
    for (const step of filled(mend).split(/;\s/)) await app.sql(step);
    const broken = invariants.filter(({ holds }: { holds: boolean }) => !holds);
    expect([hold, broken.map(({ name }: { name: string }) => name).toSorted()]).toEqual([
      false,
      [...breaks].toSorted(),
    ]);
    expect(broken[0].sample.length).toBeGreaterThan(0);
    expect(Date.parse(broken[0].brokenSince)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('finds all well again, having broken each of them', async () => {
    expect(await proven()).toMatchObject({
      hold: true,
      invariants: INVARIANTS.map(() => ({ holds: true, brokenSince: null })),
    });
  });

  it('is for managers', async () => {
    const reception = app.as((await aStaffAccount(app, { role: 'reception' })).token);
    expect((await reception.get('/admin/invariants')).status).toBe(403);
  });
});
