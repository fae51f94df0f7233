import { setTimeout as pause } from 'node:timers/promises';
import { brokenInvariants } from '../support/booking-invariants.js';
import type { Fault, FaultRule, ProviderName } from '../../src/sandbox/emulator/faults.js';
import {
  aGuestBooking,
  aPaidService,
  moneyOf,
  type GuestBooking,
  type PaidService,
} from '../support/paying.js';
import { at } from '../support/portal.js';
import { openSalon } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const LONG_MS = 90_000;
/** Longer than any of the clients waits. */
const TOO_LONG_MS = 11_000;

/** Which calls of each provider go wrong: those that do something. */
const CALLS: Record<ProviderName, FaultRule['match']> = {
  twilio: { provider: 'twilio', method: 'POST' },
  smtp: { provider: 'smtp', method: 'DATA' },
  stripe: { provider: 'stripe', method: 'POST' },
  google: { provider: 'google', method: 'POST', path: '/events' },
};

/** What goes wrong with all of them, and how SMTP says the same. */
const FAULTS: readonly [string, Fault, Fault?][] = [
  ['answer too late', { latencyMs: TOO_LONG_MS }],
  ['are out of order', { status: 503 }, { status: 451 }],
  ['break after the work', { status: 500, afterWork: true }, { status: 451, afterWork: true }],
  ['have too much to do', { status: 429, retryAfter: 1 }, { status: 421 }],
  ['hang up after the work', { reset: 'after' }],
  ['hang up before it', { reset: 'before' }],
  ['are slow', { latencyMs: 1_500 }],
  ['answer nonsense', { garbage: true }, { reset: 'after' }],
];

describe('when every provider fails at once', () => {
  let app: TestApp;
  let service: PaidService;
  beforeAll(async () => {
    app = await TestApp.start({
      calendar: true,
      env: { MESSAGE_RECONCILE_MS: '100', PROVIDER_BREAKER_MS: '200', OUTBOX_POLL_MS: '100' },
    });
    await app.sandbox.config({ stepMs: 1 });
    await openSalon(app, { staff: 1 });
    await app.timeIs(FRIDAY_9);
    service = await aPaidService(app);
  });
  beforeEach(() => app.sandbox.clearFaults());
  afterAll(() => app.stop());

  /** As a browser does it: once more, with the same key, while the payment provider is out. */
  const pay = async ({ id, token }: GuestBooking) => {
    const headers = { 'idempotency-key': `pay-${id}` };
    for (;;) {
      const started = await app.as(token).post(`/api/bookings/${id}/payment`, {}, headers);
      if (started.status === 201) return app.sandbox.pay({ bookingId: id });
      if (started.status !== 503 && started.status !== 409) throw new Error(started.text);
      await pause(200);
    }
  };
  /** Half a minute of patience with Google is tested elsewhere. */
  const hurry = async () => {
    const paused = await app.sql(
      'update calendar set paused_until = null where paused_until is not null returning id',
    );
    if (paused.length === 0) return;
    await app.sql(
      `update outbox_message set retry_at = null where state = 'pending' and handler = 'calendar.reconcile'`,
    );
  };
  const isQuiet = async () =>
    (
      await app.sql(
        `select 1 from outbox_message where state = 'claimed' or (state = 'pending' and due_at <= app_now())`,
      )
    ).length === 0;
  const whatCame = async ({ id, phone, email }: GuestBooking) => {
    const { sms, emails, events, payments } = await app.sandbox.state();
    const mails = emails.filter(({ to, subject }) => to.includes(email) && /confirmed/i.test(subject ?? ''));
    return {
      texts: sms.filter(({ to, body }) => to === phone && body.includes('is confirmed')).length,
      mails: new Set(mails.map(({ messageId }) => messageId)).size,
      events: events.filter((event) => event.private['lawreiBooking'] === id).length,
      charges: payments.filter(
        ({ metadata, status }) => metadata['bookingId'] === id && status === 'succeeded',
      ).length,
    };
  };

  it.each(FAULTS)(
    'and they %s, a booking is taken, and paid, told and entered once',
    async (name, fault, smtp = fault) => {
      const day = 4 + FAULTS.findIndex(([other]) => other === name);
      await app.sandbox.faults(
        (Object.keys(CALLS) as ProviderName[]).map((provider) => ({
          ...{ ...(provider === 'smtp' ? smtp : fault), times: 1 },
          match: CALLS[provider] ?? {},
        })),
      );
      const began = performance.now();
      const booking = await aGuestBooking(app, service, at(day, '10:00'));
      expect(performance.now() - began).toBeLessThan(1_000);
      await pay(booking);
      const once = { texts: 1, mails: 1, events: 1, charges: 1 };
      const ending = waitFor(async () => {
        await hurry();
        return (await isQuiet()) && Object.values(await whatCame(booking)).every((count) => count > 0);
      }, 60_000);
      const isOver = await ending.then(
        () => true,
        () => false,
      );
      expect([isOver, await whatCame(booking)]).toEqual([true, once]);
      expect((await moneyOf(app, booking.id)).booking).toMatchObject({
        status: 'confirmed',
        paid_minor: 8500,
      });
      expect(await brokenInvariants((text, values) => app.sql(text, values))).toEqual([]);
    },
    LONG_MS,
  );
});
