import { setTimeout as pause } from 'node:timers/promises';
import { SANDBOX_TWILIO } from '../../src/sandbox/emulator/credentials.js';
import { twilioSignature } from '../../src/sandbox/emulator/webhook-post.js';
import { aBooking, aPhone, tell } from './factories.js';
import type { Random } from './random.js';
import type { TestApp } from './test-app.js';

/** What came of STOPs that arrived while reminders were being sent. */
export interface StopRaces {
  /** Statuses of the webhook's answers. */
  answers: readonly number[];
  /** Numbers that have opted out since. */
  optOuts: number;
  /** Reminders whose attempt began, before the STOP or, which must never be, after its commit. */
  begun: number;
  late: number;
  /** Reminders that the STOP took away. */
  stopped: number;
}

/** A customer's STOP, signed as Twilio does. */
export async function sendStop(app: TestApp, from: string, serial: number): Promise<number> {
  const form = {
    MessageSid: `SM${String(serial).padStart(32, '0')}`,
    From: from,
    To: SANDBOX_TWILIO.phoneNumber,
    Body: 'STOP',
  };
  const url = '/webhooks/twilio/inbound';
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': twilioSignature(SANDBOX_TWILIO.authToken, app.config.publicUrl + url, form),
  };
  const payload = new URLSearchParams(form).toString();
  return (await app.app.inject({ method: 'POST', url, headers, payload })).statusCode;
}

/**
 * Reminders of as many people become due at once; while two nodes send them, everybody's STOP arrives, at moments spread over
 * `overMs`. Needs a database with track_commit_timestamp, since commits are what is compared.
 */
export async function raceStops(
  [app, other]: readonly [TestApp, TestApp],
  { count, overMs, random }: { count: number; overMs: number; random: Random },
): Promise<StopRaces> {
  const phones = Array.from({ length: count }, () => aPhone());
  // The same wall-clock time of the day before: ten on Monday.
  const startsAt = '2030-03-05T15:00:00Z';
  for (const phone of phones) {
    const booking = await aBooking(app, { phone, email: null, startsAt });
    await tell(app, 'booking.confirmed', booking.id);
  }
  await app.effectsDone();
  await other.effectsDone();
  await app.timeIs('2030-03-04T15:00:01Z');
  const answers = await Promise.all(
    phones.map(async (phone, serial) => {
      await pause(random.next() * overMs);
      return sendStop(app, phone, serial);
    }),
  );
  await app.effectsDone();
  await other.effectsDone();
  const [row] = await app.sql<Omit<StopRaces, 'answers'>>(
    `select count(distinct o.id)::int as "optOuts", count(a.id)::int as begun,
            (count(a.id) filter (where a.started_at > pg_xact_commit_timestamp(o.xmin)))::int as late,
            (count(m.id) filter (where m.state = 'superseded' and a.id is null))::int as stopped
       from message m join opt_out o on o.contact_hash = m.to_hash left join message_attempt a on a.message_id = m.id
      where m.to_address = any($1) and m.family = 'booking_reminder'`,
    [phones],
  );
  if (!row) throw new Error('nobody was to be reminded');
  return { answers, ...row };
}
