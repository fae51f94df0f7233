import { jest } from '@jest/globals';
import { askForCode, codeSentTo, signInBy, tellCode } from '../support/codes.js';
import { aBooking, aPhone, aStaffAccount } from '../support/factories.js';
import { aPayment, aReceipt, aRefund } from '../support/payment-rows.js';
import { addContact, at, portal, somebody } from '../support/portal.js';
import { aGuestContact, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const NEVER = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';

describe('the customer portal', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.sandbox.config({ stepMs: 1 });
    salon = await openSalon(app, { staff: 30 });
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(() => app.stop());

  describe('shows', () => {
    it('everything in one answer, by id and by one’s own proven address', async () => {
      const ada = await somebody(app, salon, at(4), at(5));
      const byId = await ada.caller.get(portal(`id/${ada.id}`));
      expect(byId.status).toBe(200);
      expect(byId.body).toMatchObject({
        profile: { id: ada.id, name: 'Ada Lovelace', email: ada.email, emailVerified: true, phone: null },
        stats: { totalBookings: 2, completed: 0, spent: [], favouriteService: null, nextVisit: at(4) },
        upcoming: [{ id: ada.bookings[0] }, { id: ada.bookings[1] }],
        payments: [],
      });
      expect(byId.body.recentActivity[0]).toMatchObject({
        kind: expect.any(String),
        what: expect.any(String),
      });
      expect(byId.headers['cache-control']).toBe('private, no-store');
      const byEmail = await ada.caller.get(portal(encodeURIComponent(ada.email.toUpperCase())));
      expect(byEmail.body.profile).toEqual(byId.body.profile);
    });

    it('nothing new as nothing, to whoever says what they have', async () => {
      const ada = await somebody(app, salon, at(4));
      // A text that goes out between two looks is something new.
      await app.effectsDone();
      for (const path of [`id/${ada.id}`, `${ada.id}/upcoming`, `${ada.id}/history`]) {
        const first = await ada.caller.get(portal(path));
        const again = await ada.caller.get(portal(path), { 'if-none-match': String(first.headers['etag']) });
        expect([path, again.status, again.text]).toEqual([path, 304, '']);
      }
      await ada.caller.post(portal(ada.id, `/cancel/${ada.bookings[0]}`));
      const before = await ada.caller.get(portal(ada.id, '/upcoming'), { 'if-none-match': '"x"' });
      expect([before.status, before.body.data]).toEqual([200, []]);
    });

    it('in at most five statements besides the context, however much there is', async () => {
      const ada = await somebody(app, salon, at(4));
      const statements = await statementsAs(ada.id, () => ada.caller.get(portal(`id/${ada.id}`)));
      expect(statements).toHaveLength(5);
    });

    it('what may be done about each booking, as the commands would judge it', async () => {
      const ada = await somebody(app, salon, at(4), at(2, '11:00'));
      const { body } = await ada.caller.get(portal(ada.id, '/upcoming'));
      expect(body.data).toMatchObject([
        {
          id: ada.bookings[1],
          actions: {
            cancel: { allowed: true, until: at(1, '11:00'), reason: null, refund: { rule: 'nothing-paid' } },
            reschedule: { allowed: true, until: at(2, '09:00'), movesLeft: 3 },
            pay: { allowed: true, amount: { amount: 8500, currency: 'USD' } },
          },
        },
        { id: ada.bookings[0] },
      ]);
      await app.timeIs(at(1, '11:00:01').replace(':00-', '-'));
      const later = await ada.caller.get(portal(ada.id, '/upcoming'));
      expect(later.body.data[0].actions.cancel).toMatchObject({
        allowed: false,
        reason: 'cancellation-window-closed',
      });
      const refused = await ada.caller.post(portal(ada.id, `/cancel/${ada.bookings[1]}`));
      expect([refused.status, refused.body.code]).toEqual([409, 'cancellation-window-closed']);
      expect(refused.body.contact).toHaveProperty('name');
    });

    it('the history in pages, all states, with what was paid and what went back', async () => {
      const ada = await somebody(app, salon, at(4), at(5), at(6));
      const [first = ''] = ada.bookings;
      const paymentId = await aPayment(app, { bookingId: first });
      await aReceipt(app, paymentId);
      await aRefund(app, { paymentId, reason: 'between us' });
      await ada.caller.post(portal(ada.id, `/cancel/${ada.bookings[1]}`));
      const page = await ada.caller.get(portal(ada.id, '/history?limit=2'));
      expect(page.body.data.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
        [ada.bookings[2], 'confirmed'],
        [ada.bookings[1], 'cancelled'],
      ]);
      const rest = await ada.caller.get(
        portal(ada.id, `/history?limit=2&cursor=${page.body.page.nextCursor}`),
      );
      expect(rest.body).toMatchObject({
        data: [{ id: first, payments: [{ id: paymentId, refunds: [{ reason: null }], receiptNumber: 1 }] }],
        page: { hasMore: false },
      });
      const whole = await ada.caller.get(portal(`id/${ada.id}`));
      const { body } = await ada.caller.get(portal(ada.id, '/payments'));
      expect(whole.body.payments).toEqual(body.data);
      expect(JSON.stringify([whole.body, rest.body])).not.toContain('between us');
    });

    it('numbers that agree with the bookings one by one', async () => {
      const ada = await somebody(app, salon, at(4), at(5), at(6), at(7));
      const [one = '', two = '', three = ''] = ada.bookings;
      await app.sql(
        `update booking set status = case id when $1 then 'completed' when $2 then 'completed' else 'no_show' end,
           paid_minor = case id when $1 then 8500 when $2 then 4001 else 0 end, refunded_minor = case id when $2 then 1000 else 0 end
          where id in ($1, $2, $3)`,
        [one, two, three],
      );
      const { body } = await ada.caller.get(portal(ada.id, '/stats'));
      expect(body).toMatchObject({
        totalBookings: 4,
        completed: 2,
        noShows: 1,
        cancelled: 0,
        spent: [{ total: { amount: 11_501, currency: 'USD' }, average: { amount: 5_751, currency: 'USD' } }],
        favouriteService: { id: salon.serviceId, visits: 2 },
        firstVisit: at(4),
        lastVisit: at(5),
        nextVisit: at(7),
      });
    });

    it('messages as they were sent, without the links in them', async () => {
      const ada = await somebody(app, salon, at(4));
      await app.effectsDone();
      const { body } = await ada.caller.get(portal(ada.id, '/messages'));
      const families = body.data.map(({ family }: { family: string }) => family);
      expect(families).toContain('booking_confirmed');
      expect(families).not.toContain('one_time_code');
      expect(JSON.stringify(body)).not.toMatch(/manage#[\w-]{43}/);
    });

    it('the desk everybody’s, below the desk nobody’s', async () => {
      const ada = await somebody(app, salon, at(4));
      const [desk, colleague] = await Promise.all(
        (['reception', 'staff'] as const).map(async (role) =>
          app.as((await aStaffAccount(app, { role })).token),
        ),
      );
      const paths = [`id/${ada.id}`, encodeURIComponent(ada.email), `${ada.id}/history`, `${ada.id}/profile`];
      for (const path of paths) {
        expect([path, (await desk?.get(portal(path)))?.status]).toEqual([path, 200]);
        expect([path, (await colleague?.get(portal(path)))?.status]).toEqual([path, 403]);
      }
      expect((await desk?.get(portal(`id/${NEVER}`)))?.status).toBe(404);
    });
  });

  describe('keeps to itself', () => {
    it('whose address is known: another’s, an unproven own and one nobody has are the same answer', async () => {
      const [ada, ben] = [await somebody(app, salon, at(4)), await somebody(app, salon, at(5))];
      await app.sql(`update customer set phone = $2 where id = $1`, [ada.id, aPhone()]);
      const answers = await Promise.all(
        [ben.email, 'nobody@private.example', 'not-an-address', '%40', `${ada.email}x`].map((address) =>
          ada.caller.get(portal(encodeURIComponent(address))),
        ),
      );
      const shown = answers.map(({ status, body }) => ({ status, ...body, requestId: '', instance: '' }));
      expect(new Set(shown.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(shown[0]).toMatchObject({ status: 404, code: 'not-found' });
      expect(answers[0]?.body.instance).toBe('/api/customer-portal/:email');
    });

    it('everything, when somebody else asks for codes to one’s contact and guesses at them', async () => {
      const phone = aPhone();
      const { id } = await signInBy(app, 'sms', phone, 'Ada');
      await app.effectsDone();
      const theirs = () =>
        app.sql(
          `select (select jsonb_agg(c) from customer c where id = $1) as customer, (select jsonb_agg(s) from session s where customer_id = $1) as sessions,
                  (select jsonb_agg(c) from consent c where customer_id = $1) as consents, (select count(*) from booking where customer_id = $1) as bookings`,
          [id],
        );
      const before = await theirs();
      const challengeId = await askForCode(app, 'sms', phone);
      for (let count = 0; count < 6; count += 1)
        await tellCode(app, { challengeId, code: '000000', name: 'Mallory' });
      expect(await theirs()).toEqual(before);
    });

    it('paths that look alike lead where they say', async () => {
      const ada = await somebody(app, salon, at(4));
      for (const path of ['id/upcoming', 'upcoming', 'id', `${ada.id}`]) {
        expect([path, (await ada.caller.get(portal(path))).status]).toEqual([path, 404]);
      }
    });

    it('a booking of somebody else, under one’s own name or theirs', async () => {
      const [ada, ben] = [await somebody(app, salon, at(4)), await somebody(app, salon, at(5))];
      const desk = app.as((await aStaffAccount(app, { role: 'reception' })).token);
      const place = { start: at(8) };
      const tries = await Promise.all([
        ada.caller.post(portal(ada.id, `/cancel/${ben.bookings[0]}`)),
        ada.caller.post(portal(ben.id, `/cancel/${ben.bookings[0]}`)),
        ada.caller.put(portal(ada.id, `/reschedule/${ben.bookings[0]}`), place),
        desk.post(portal(ada.id, `/cancel/${ben.bookings[0]}`)),
        desk.put(portal(ada.id, `/reschedule/${ben.bookings[0]}`), place),
      ]);
      expect(tries.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
      const [row] = await app.sql('select status, version from booking where id = $1', [ben.bookings[0]]);
      expect(row).toEqual({ status: 'confirmed', version: 1 });
    });

    it('what was before a number changed hands, until an older contact is proven', async () => {
      const [phone, email] = [aPhone(), aGuestContact().email];
      const first = await signInBy(app, 'sms', phone, 'Ada');
      const old = app.as(first.token);
      await addContact(app, old, first.id, 'email', email);
      const past = await aBooking(app, { startsAt: at(1, '10:00'), phone, email: null });
      await app.sql('update booking set customer_id = $2 where id = $1', [past.id, first.id]);
      await app.timeIs('2030-12-01T15:00:00Z');
      const next = await signInBy(app, 'sms', phone);
      const later = app.as(next.token);
      expect(next.id).toBe(first.id);
      expect((await later.get(portal(first.id, '/history'))).body.data).toEqual([]);
      expect((await later.get(`/api/bookings/${past.id}`)).status).toBe(404);
      expect((await later.get(portal(first.id, '/stats'))).body.totalBookings).toBe(0);
      const takeover = await later.post(portal(first.id, '/contacts'), {
        channel: 'email',
        to: 'mallory@evil.example',
      });
      expect(takeover.body.code).toBe('step-up-required');
      const asked = await later.post('/api/auth/step-up', { channel: 'email' });
      const told = { challengeId: asked.body.challengeId, code: await codeSentTo(app, email) };
      expect((await later.post('/api/auth/step-up/verify', told)).status).toBe(204);
      expect((await later.get(portal(first.id, '/history'))).body.data).toHaveLength(1);
    });
  });
});

/** The data statements of the transactions in which this customer acts while the work is done, whatever else goes on beside it. */
async function statementsAs(customerId: string, work: () => Promise<unknown>): Promise<string[]> {
  const { Query } = (await import('pg')).default;
  const sent = jest.spyOn(Query.prototype, 'submit');
  try {
    await work();
    const acting = new Set<unknown>();
    return sent.mock.contexts.flatMap((query: unknown, index) => {
      const { text, values } = sentQuery(query);
      const socket = sent.mock.calls[index]?.[0].stream;
      if (text.includes('set_config') && values.includes(customerId)) acting.add(socket);
      else if (text.includes('set_config') || text === 'commit') acting.delete(socket);
      else if (acting.has(socket)) return [text];
      return [];
    });
  } finally {
    sent.mockRestore();
  }
}

const sentQuery = (query: unknown): { text: string; values: readonly unknown[] } =>
  typeof query === 'object' && query !== null && 'text' in query
    ? {
        text: String(query.text),
        values: 'values' in query && Array.isArray(query.values) ? query.values : [],
      }
    : { text: '', values: [] };
