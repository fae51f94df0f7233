import { aSession } from '../support/cast.js';
import { fullOf } from '../support/canary.js';
import { signInBy } from '../support/codes.js';
import { aPayment, aRefund } from '../support/payment-rows.js';
import { portal, somebody } from '../support/portal.js';
import { privacySalon } from '../support/privacy-salon.js';
import { bookAsGuest, type OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const NEVER = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';
/** An hour past the time to change one's mind. */
const MONDAY_10 = '2030-03-04T15:00:00Z';

describe('a customer’s data', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  beforeAll(async () => {
    ({ app, salon, owner } = await privacySalon());
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(() => app.stop());

  const dump = async () => {
    const tables = await app.sql<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    );
    const rows = await Promise.all(
      tables.map(async ({ name }) =>
        (await app.sql<{ text: string }>(`select t::text as text from ${name} t`)).map(
          ({ text }) => `${name}: ${text}`,
        ),
      ),
    );
    return rows.flat();
  };
  const stateOf = async (id: string) =>
    (
      await app.sql<{ state: string }>(
        'select state from erasure_request where customer_id = $1 order by asked_at',
        [id],
      )
    ).map(({ state }) => state);

  const requestOf = async (id: string) => {
    const { body } = await owner.get('/admin/privacy/requests?limit=100');
    return body.data.find(({ customerId }: { customerId: string }) => customerId === id);
  };

  describe('is erased', () => {
    it('72 hours after it was asked for: nothing that names them is left, and what is kept is on the certificate', async () => {
      const ada = await fullOf(app, salon, 'Kanarie2');
      await app.sql(`update refund set state = 'succeeded', settled_at = app_now() where customer_id = $1`, [
        ada.id,
      ]);
      const asked = await ada.caller.post(portal(ada.id, '/erasure'));
      expect([asked.status, asked.body.state, asked.body.dueAt]).toEqual([
        202,
        'asked',
        expect.stringMatching(/^2030-03-04T14:00:/),
      ]);
      await app.effectsDone();
      expect((await app.sandbox.state({ to: ada.email })).emails.at(-1)?.subject).toBe(
        'You asked us to erase your data',
      );
      await app.timeIs('2030-03-04T13:59:00Z');
      await app.effectsDone();
      expect(await stateOf(ada.id)).toEqual(['asked']);

      await app.timeIs(MONDAY_10);
      await app.effectsDone();
      expect(await stateOf(ada.id)).toEqual(['done']);
      const traces = ['Kanarie2', ada.email, ada.phone, ',4712,'];
      const left = (await dump()).filter((row) => traces.some((trace) => row.includes(trace)));
      // The law wants to know whom a receipt was made out to.
      expect(left.map((row) => row.split(':')[0])).toEqual(['receipt']);
      const atTwilio = await app.sandbox.state({ to: ada.phone });
      expect([atTwilio.sms, atTwilio.inbound]).toEqual([[], []]);
      const [booking] = await app.sql(
        'select status, service_name is not null as named, total_minor from booking where id = $1',
        [ada.bookings[0]],
      );
      expect(booking).toEqual({ status: 'cancelled', named: true, total_minor: 8500 });

      expect((await ada.caller.get(portal(ada.id, '/profile'))).status).toBe(401);
      expect((await owner.get(portal(`id/${ada.id}`))).body.code).toBe('erased');
      const request = await requestOf(ada.id);
      expect(request).toMatchObject({ customerId: ada.id, state: 'done', kept: expect.any(Array) });
      expect(request.cut).toContainEqual({ section: 'customer', table: 'customer', rows: 3 });
      expect(await app.sql('select 1 from erasure_ledger where customer_id = $1', [ada.id])).toHaveLength(1);
      const again = await signInBy(app, 'email', ada.email, 'Ada anew');
      expect(again.id).not.toBe(ada.id);
    });

    it('not when it was withdrawn in time', async () => {
      const ada = await somebody(app, salon);
      await ada.caller.post(portal(ada.id, '/erasure'));
      expect((await ada.caller.get(portal(ada.id, '/erasure'))).body.state).toBe('asked');
      expect((await ada.caller.delete(portal(ada.id, '/erasure'))).status).toBe(204);
      expect((await ada.caller.delete(portal(ada.id, '/erasure'))).status).toBe(404);
      await app.timeIs(MONDAY_10);
      await app.effectsDone();
      expect(await stateOf(ada.id)).toEqual(['withdrawn']);
      expect((await ada.caller.get(portal(ada.id, '/profile'))).body.email).toBe(ada.email);
    });

    it('once, of twenty who ask at once', async () => {
      const ada = await somebody(app, salon);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => ada.caller.post(portal(ada.id, '/erasure'))),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([
        202,
        ...Array.from({ length: 19 }, () => 409),
      ]);
      expect(await stateOf(ada.id)).toEqual(['asked']);
    });

    it('not while money is on its way or the law wants it kept: before, and when its time has come', async () => {
      const ada = await somebody(app, salon, '2030-03-11T10:00:00-04:00');
      const [bookingId = ''] = ada.bookings;
      const held = await owner.put(`/admin/privacy/legal-hold/${ada.id}`, { reason: 'Case 17' });
      expect(held.status).toBe(204);
      const refused = await ada.caller.post(portal(ada.id, '/erasure'));
      expect([refused.status, refused.body.code, refused.body.blockers.length]).toEqual([
        409,
        'erasure-blocked',
        1,
      ]);
      await owner.delete(`/admin/privacy/legal-hold/${ada.id}`);
      expect((await ada.caller.post(portal(ada.id, '/erasure'))).status).toBe(202);
      const paymentId = await aPayment(app, { bookingId });
      await aRefund(app, { paymentId, reason: 'late' });
      await app.sql(`update refund set state = 'pending', settled_at = null where payment_id = $1`, [
        paymentId,
      ]);
      await app.timeIs(MONDAY_10);
      await app.effectsDone();
      expect(await stateOf(ada.id)).toEqual(['blocked']);
      expect((await requestOf(ada.id)).blockers).toEqual(['A refund to you is still on its way.']);
      expect((await owner.get(portal(`id/${ada.id}`))).status).toBe(200);
    });

    it('nor by anybody else, nor without a fresh proof, nor of somebody who is not there', async () => {
      const [ada, ben] = [await somebody(app, salon), await somebody(app, salon)];
      const stale = app.as(await aSession(app, { kind: 'customer', customerId: ada.id }));
      const answers = [
        await ben.caller.post(portal(ada.id, '/erasure')),
        await ben.caller.delete(portal(ada.id, '/erasure')),
        await ben.caller.get(portal(ada.id, '/erasure')),
        await stale.post(portal(ada.id, '/erasure')),
        await owner.post(`/admin/privacy/erasure/${NEVER}`),
        await owner.put(`/admin/privacy/legal-hold/${NEVER}`, { reason: 'x' }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 403, 404, 404]);
      expect(await stateOf(ada.id)).toEqual([]);
    });

    it('with what they booked as a guest, whose words go too; who books anew is somebody new', async () => {
      const ada = await somebody(app, salon, '2030-03-12T10:00:00-04:00');
      await owner.post(`/admin/privacy/erasure/${ada.id}`);
      await app.timeIs(MONDAY_10);
      await app.effectsDone();
      const booked = await bookAsGuest(app, salon, '2030-03-12T11:00:00-04:00', {
        customer: { name: 'Ada', phone: ada.phone, email: ada.email },
      });
      expect(booked.status).toBe(201);
      const known = await app.sql<{ id: string }>('select id from customer where phone = $1', [ada.phone]);
      expect(known.map(({ id }) => id)).toEqual([booked.body.customer.id]);
    });
  });
});
