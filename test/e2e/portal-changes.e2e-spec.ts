import { aSession } from '../support/cast.js';
import { codeSentTo, signInBy } from '../support/codes.js';
import { aPhone } from '../support/factories.js';
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

  describe('lets a customer', () => {
    it('cancel, twice with the same answer, and once for a hundred with one key', async () => {
      const ada = await somebody(app, salon, at(4), at(5));
      const url = portal(ada.id, `/cancel/${ada.bookings[0]}`);
      const [one, two] = [await ada.caller.post(url), await ada.caller.post(url)];
      expect([one.status, one.body.booking.status, one.body.refund]).toEqual([200, 'cancelled', null]);
      expect(two.body).toEqual(one.body);
      const key = { 'idempotency-key': `cancel-${ada.id}` };
      const other = portal(ada.id, `/cancel/${ada.bookings[1]}`);
      const all = await Promise.all(Array.from({ length: 100 }, () => ada.caller.post(other, {}, key)));
      const served = all.filter(({ status }) => status === 200);
      expect(all.every(({ status, body }) => status === 200 || body.code === 'idempotency-in-progress')).toBe(
        true,
      );
      expect(new Set(served.map(({ text }) => text)).size).toBe(1);
      const events = await app.sql(
        `select 1 from booking_event where booking_id = $1 and type = 'cancelled'`,
        [ada.bookings[1]],
      );
      expect(events).toHaveLength(1);
    });

    it('move, keeping the booking’s id, and not cancel for free what was moved late', async () => {
      const ada = await somebody(app, salon, at(4));
      const [id = ''] = ada.bookings;
      await app.timeIs(at(3, '12:00'));
      const moved = await ada.caller.put(portal(ada.id, `/reschedule/${id}`), { start: at(8) });
      expect([moved.status, moved.body.id, moved.body.start]).toEqual([200, id, at(8)]);
      const refused = await ada.caller.post(portal(ada.id, `/cancel/${id}`));
      expect(refused.body.code).toBe('cancellation-window-closed');
      await app.timeIs(at(8, '08:01'));
      const late = await ada.caller.put(portal(ada.id, `/reschedule/${id}`), { start: at(9) });
      expect(late.body.code).toBe('reschedule-window-closed');
    });

    it('change the profile, against the version that was read', async () => {
      const ada = await somebody(app, salon, at(4));
      const read = await ada.caller.get(portal(ada.id, '/profile'));
      const change = {
        name: 'Ada King',
        birthday: '1990-12-10',
        preferredStaffId: salon.staffIds[0],
        notesToSalon: 'Allergic to henna',
        timeZone: 'Europe/London',
      };
      const etag = { 'if-match': String(read.headers['etag']) };
      const changed = await ada.caller.patch(portal(ada.id, '/profile'), change, etag);
      expect(changed.body).toMatchObject({ ...change, version: read.body.version + 1 });
      const stale = await ada.caller.patch(portal(ada.id, '/profile'), { name: 'X' }, etag);
      expect(stale.status).toBe(412);
      const unknown = await ada.caller.patch(portal(ada.id, '/profile'), { preferredStaffId: NEVER });
      expect(unknown.body.errors).toMatchObject([{ pointer: '/preferredStaffId', code: 'unknown' }]);
      const contact = await ada.caller.patch(portal(ada.id, '/profile'), { email: 'x@example.com' });
      expect(contact.status).toBe(422);
    });

    it('agree and withdraw; every decision stays on record with its words', async () => {
      const ada = await somebody(app, salon, at(4));
      await ada.caller.put(portal(ada.id, '/consents'), { marketing_email: true });
      await ada.caller.put(portal(ada.id, '/consents'), { marketing_email: true });
      const { body } = await ada.caller.put(portal(ada.id, '/consents'), { marketing_email: false });
      const [marketing] = body.data.filter(
        ({ purpose }: { purpose: string }) => purpose === 'marketing_email',
      );
      expect(marketing).toMatchObject({
        granted: false,
        text: expect.any(String),
        textVersion: 'marketing-email-1',
      });
      const rows = await app.sql(
        `select granted, source, actor_kind, text_version from consent where customer_id = $1 and purpose = 'marketing_email' order by at, id`,
        [ada.id],
      );
      const said = { source: 'portal', actor_kind: 'customer', text_version: 'marketing-email-1' };
      expect(rows).toEqual([
        { granted: true, ...said },
        { granted: false, ...said },
      ]);
    });

    it('take another contact by a code sent to it: the old one is told, and other sessions end', async () => {
      const ada = await somebody(app, salon, at(4));
      const elsewhere = app.as((await signInBy(app, 'email', ada.email)).token);
      const next = aGuestContact().email;
      await addContact(app, ada.caller, ada.id, 'email', next);
      expect((await elsewhere.get(portal(ada.id, '/profile'))).status).toBe(401);
      expect((await ada.caller.get(portal(ada.id, '/profile'))).body.email).toBe(next);
      await app.effectsDone();
      const { emails } = await app.sandbox.state({ to: ada.email });
      expect(emails.at(-1)?.subject).toBe('Your contact at Lawrei Beauty was changed');
      const { id } = await signInBy(app, 'email', ada.email, 'Somebody else');
      expect(id).not.toBe(ada.id);
    });

    it('not take a contact that is another account’s, nor any without a fresh proof', async () => {
      const [ada, ben] = [await somebody(app, salon, at(4)), await somebody(app, salon, at(5))];
      const asked = await ada.caller.post(portal(ada.id, '/contacts'), { channel: 'email', to: ben.email });
      expect(asked.status).toBe(202);
      const told = { challengeId: asked.body.challengeId, code: await codeSentTo(app, ben.email) };
      const taken = await ada.caller.post(portal(ada.id, '/contacts/verify'), told);
      expect([taken.status, taken.body.code]).toEqual([409, 'conflict']);
      expect((await ben.caller.get(portal(ben.id, '/profile'))).body.email).toBe(ben.email);
      const stale = app.as(await aSession(app, { kind: 'customer', customerId: ada.id }));
      const refused = await stale.post(portal(ada.id, '/contacts'), { channel: 'sms', to: aPhone() });
      expect([refused.status, refused.body.code]).toEqual([403, 'step-up-required']);
    });
  });
});
