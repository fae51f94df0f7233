import { newId } from '../../src/common/ids.js';
import { Retention } from '../../src/privacy/retention.service.js';
import { fullOf } from '../support/canary.js';
import { madeLongAgo } from '../support/long-ago.js';
import { aPayment, aRefund } from '../support/payment-rows.js';
import { at, somebody } from '../support/portal.js';
import { privacySalon } from '../support/privacy-salon.js';
import type { OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const PATH = '/admin/privacy/retention';
const NOBODY = '00000000-0000-7000-8000-000000000000';

describe('what is kept for a time', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  beforeAll(async () => {
    ({ app, salon, owner } = await privacySalon());
  });
  afterAll(() => app.stop());
  beforeEach(() => app.timeIs(FRIDAY_9));

  const one = async (text: string, ...values: unknown[]) => (await app.sql(text, values))[0];
  const night = () => app.get(Retention).night();
  const settled = (id: string) =>
    app.sql(`update refund set state = 'succeeded', settled_at = app_now() where customer_id = $1`, [id]);
  const held = async (id: string) =>
    expect((await owner.put(`/admin/privacy/legal-hold/${id}`, { reason: 'Case 17' })).status).toBe(204);
  const countsIn = (list: { dataClass: string; rows: number }[]): Record<string, number> =>
    Object.fromEntries(list.map(({ dataClass, rows }) => [dataClass, rows]));
  const dryRun = async () => countsIn((await owner.post(`${PATH}/dry-run`)).body.due);
  const lastNight = async () => {
    const { body } = await owner.get(PATH);
    return { ...body.lastNight, cut: countsIn(body.lastNight.cut) };
  };
  /** What of Ada’s is kept that has a time. */
  const keptOf = async (id: string) => ({
    ...(await one(
      'select name, phone is not null or email is not null as reachable, notes, notes_to_salon from customer where id = $1',
      id,
    )),
    ...(await one(
      `select count(*)::int as messages, count(*) filter (where to_address <> 'erased' or body is not null)::int as legible from message where customer_id = $1`,
      id,
    )),
    ...(await one(
      'select count(*)::int as bookings, count(notes)::int as words from booking where customer_id = $1',
      id,
    )),
  });

  describe('ends at night', () => {
    it('words and messages a year after the last appointment, here and at the provider; not what the law wants kept', async () => {
      const ada = await fullOf(app, salon, 'Kanarie3');
      const hal = await fullOf(app, salon, 'Kanarie4');
      const eve = await fullOf(app, salon, 'Kanarie5');
      for (const { id } of [ada, hal, eve]) await madeLongAgo(app, id);
      await held(hal.id);
      await app.sql(
        `update booking set starts_at = '2031-02-01T15:00Z', ends_at = '2031-02-01T15:30Z' where id = $1`,
        [eve.bookings[0]],
      );
      await app.sql(
        `update message set due_at = '2031-06-01' where id = (select id from message where customer_id = $1 limit 1)`,
        [eve.id],
      );
      const [before, halBefore] = [await keptOf(ada.id), await keptOf(hal.id)];
      expect(before).toMatchObject({ notes: 'Kanarie3 staff', notes_to_salon: 'Kanarie3 wish', words: 1 });
      expect(Number(before['legible'])).toBeGreaterThan(2);

      await app.timeIs('2031-02-20T10:00:00-05:00');
      await night();
      expect(await keptOf(ada.id)).toEqual(before);
      await app.timeIs('2031-04-01T10:00:00-04:00');
      const due = await dryRun();
      expect(await keptOf(ada.id)).toEqual(before);
      await night();
      await app.effectsDone();

      expect(await keptOf(ada.id)).toEqual({
        ...before,
        notes: null,
        notes_to_salon: null,
        legible: 0,
        words: 0,
      });
      expect(await keptOf(hal.id)).toEqual(halBefore);
      expect(await keptOf(eve.id)).toMatchObject({ notes: 'Kanarie5 staff', words: 1, legible: 1 });
      const left = await app.sql(
        `select 1 from booking_event where customer_id = $1 and after::text like '%Kanarie3%'`,
        [ada.id],
      );
      expect(left).toEqual([]);
      expect((await app.sandbox.state({ to: ada.phone })).sms).toEqual([]);
      expect((await app.sandbox.state({ to: hal.phone })).sms.length).toBeGreaterThan(0);
      expect(await lastNight()).toMatchObject({ day: '2031-04-01', cut: due });
      expect([due['notes'], due['identity']]).toEqual([1, 0]);

      await app.timeIs('2031-04-02T10:00:00-04:00');
      await night();
      expect((await lastNight()).cut).toEqual({ ...due, notes: 0, messages: 0 });
    });

    it('who a person is two years after their last appointment; not while the law wants it kept, money is on its way, or they are about', async () => {
      const [ada, hal, bob, eve] = [
        await fullOf(app, salon, 'Kanarie6'),
        await fullOf(app, salon, 'Kanarie7'),
        await fullOf(app, salon, 'Kanarie8'),
        await fullOf(app, salon, 'Kanarie9'),
      ];
      for (const { id } of [ada, hal, bob]) await madeLongAgo(app, id);
      for (const { id } of [ada, hal, eve]) await settled(id);
      await app.sql(`update customer set created_at = '2010-01-01' where id = $1 or merged_into_id = $1`, [
        eve.id,
      ]);
      await held(hal.id);
      await app.timeIs('2032-04-01T10:00:00-04:00');
      await night();
      const names = await app.sql('select id, name from customer where id = any($1::uuid[])', [
        [ada, hal, bob, eve].map(({ id }) => id),
      ]);
      const nameOf = ({ id }: { id: string }) => names.find((row) => row['id'] === id)?.['name'];
      expect([ada, hal, bob, eve].map(nameOf)).toEqual([
        'Erased',
        'Kanarie7 Name',
        'Kanarie8 Name',
        'Kanarie9 Name',
      ]);
      expect(await app.sql('select 1 from erasure_ledger where customer_id = $1', [ada.id])).toHaveLength(1);
      const entry = await one(
        `select details from audit_log where action = 'privacy.erased' and subject_id = $1`,
        ada.id,
      );
      expect(entry?.['details']).toEqual({ cause: 'retention' });
    });

    it('whose a booking was after three years, though its customer still comes; who paid for it is kept for ten', async () => {
      const [eve, hal] = [await fullOf(app, salon, 'KanarieA1'), await fullOf(app, salon, 'KanarieA2')];
      await held(hal.id);
      const [old = '', recent = ''] = eve.bookings;
      await app.sql(
        `update booking set starts_at = '2033-03-01T15:00Z', ends_at = '2033-03-01T15:30Z' where id = $1`,
        [recent],
      );
      await app.timeIs('2033-04-01T10:00:00-04:00');
      await night();
      const whose = async (id: string) =>
        (await one('select customer_id from booking where id = $1', id))?.['customer_id'];
      expect(await whose(old)).toBe(NOBODY);
      expect(await whose(recent)).toBe(eve.id);
      expect(await whose(String(hal.bookings[0]))).toBe(hal.id);
      expect(
        await one('select total_minor, service_name is not null as named from booking where id = $1', old),
      ).toEqual({
        ...{ total_minor: 8500, named: true },
      });
      for (const table of ['booking_event', 'message', 'manage_link']) {
        const theirs = await app.sql(`select 1 from ${table} where booking_id = $1 and customer_id = $2`, [
          old,
          eve.id,
        ]);
        expect([table, theirs]).toEqual([table, []]);
      }
      const paid =
        "select p.customer_id, r.facts ->> 'customer' as payer from payment p join receipt r on r.payment_id = p.id where p.booking_id = $1";
      expect(await one(paid, old)).toEqual({ customer_id: eve.id, payer: 'KanarieA1 Name' });
      expect((await eve.caller.get(`/api/customer-portal/${eve.id}/payments`)).status).toBe(200);
      expect((await eve.caller.get(`/api/customer-portal/id/${eve.id}`)).status).toBe(200);
      expect((await owner.get(`/admin/bookings/${old}`)).status).toBe(200);

      await settled(eve.id);
      await settled(hal.id);
      await app.timeIs('2040-05-01T10:00:00-04:00');
      await night();
      expect(await one(paid, old)).toEqual({ customer_id: NOBODY, payer: 'Erased' });
      expect(await one(paid, hal.bookings[0])).toEqual({ customer_id: hal.id, payer: 'KanarieA2 Name' });
      const { n } =
        (await one(
          `select count(*)::int as n from refund where customer_id = $1 or reason like 'KanarieA1%'`,
          eve.id,
        )) ?? {};
      expect(n).toBe(0);
    });

    it('not money that has not come to an end', async () => {
      const ada = await somebody(app, salon, at(11), at(12), at(13));
      const [disputed, refunding, processing] = [
        await aPayment(app, { bookingId: String(ada.bookings[0]) }),
        await aPayment(app, { bookingId: String(ada.bookings[1]) }),
        await aPayment(app, { bookingId: String(ada.bookings[2]), state: 'processing' }),
      ];
      await app.sql(`update payment set disputed_at = app_now(), dispute_state = 'open' where id = $1`, [
        disputed,
      ]);
      await aRefund(app, { paymentId: refunding });
      await app.timeIs('2041-05-01T10:00:00-04:00');
      await night();
      const left = await app.sql('select id from payment where customer_id = $1', [ada.id]);
      expect(left.map(({ id }) => id).toSorted()).toEqual([disputed, refunding, processing].toSorted());
    });

    it('decisions that were replaced, and STOPs that were taken back, after five years; what is in force stays', async () => {
      const [eve, hal] = [await somebody(app, salon), await somebody(app, salon)];
      await held(hal.id);
      const decide = (customerId: string, granted: boolean, when: string) =>
        app.sql(
          `insert into consent (id, customer_id, purpose, granted, text_version, source, actor_kind, at) values ($1, $2, 'marketing_email', $3, 'v1', 'portal', 'customer', $4)`,
          [newId(), customerId, granted, when],
        );
      for (const { id } of [eve, hal]) {
        await decide(id, true, '2030-03-01T15:00Z');
        await decide(id, false, '2030-03-01T16:00Z');
      }
      const stop = (hash: string, lifted: string | null) =>
        app.sql(
          `insert into opt_out (id, channel, contact_hash, source, opted_out_at, lifted_at) values ($1, 'sms', $2, 'text', '2030-03-01', $3)`,
          [newId(), hash, lifted],
        );
      await stop('a'.repeat(43), null);
      await stop('b'.repeat(43), '2030-03-01T16:00Z');
      await app.timeIs('2035-04-01T10:00:00-04:00');
      await night();
      const decisions = async ({ id }: { id: string }) =>
        (
          await app.sql(
            `select granted from consent where customer_id = $1 and purpose = 'marketing_email' order by at`,
            [id],
          )
        ).map(({ granted }) => granted);
      expect([await decisions(eve), await decisions(hal)]).toEqual([[false], [true, false]]);
      const stops = await app.sql(
        `select left(contact_hash, 1) as mark from opt_out where contact_hash ~ '^(a{43}|b{43})$'`,
      );
      expect(stops).toEqual([{ mark: 'a' }]);
    });

    it('whole months of the audit log, by real time whatever the sandbox says', async () => {
      await app.sql(`select audit_log_ensure_month('2020-01-01')`);
      await app.sql(
        `insert into audit_log (id, at, actor_kind, action) values ($1, '2020-01-15', 'system', 'test')`,
        [newId()],
      );
      const months = async () =>
        (
          await app.sql(
            `select relname from pg_class where relname ~ '^audit_log_[0-9]{6}$' and relkind = 'r' order by 1`,
          )
        ).map(({ relname }) => relname);
      const before = await months();
      expect(before[0]).toBe('audit_log_202001');
      // This month’s own, though nights in years to come have passed.
      expect(before).toContain(
        (await one(`select 'audit_log_' || to_char(now(), 'YYYYMM') as name`))?.['name'],
      );
      await app.timeIs('2036-04-01T10:00:00-04:00');
      expect((await dryRun())['audit']).toBe(1);
      await night();
      expect(await months()).toEqual(before.slice(1));
    });
  });
});
