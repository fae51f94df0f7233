import { tell, type MadeBooking } from './factories.js';
import { waitFor, type TestApp } from './test-app.js';
import { texting } from './texting.js';

export const TWILIO_POST = { provider: 'twilio', method: 'POST' } as const;
export const TWILIO_LIST = { provider: 'twilio', method: 'GET' } as const;

/** The text that confirms a booking of the factories for the Monday. */
export const CONFIRMED =
  'Hi Ada Lovelace! Your appointment for Haircut is confirmed for Monday, March 4 at 9:00 AM. See you soon! - Lawrei Beauty';

/** Ends what a test made go wrong; what it made wait goes out now, instead of keeping the next one waiting. */
export async function endTrouble(app: TestApp): Promise<void> {
  await app.sandbox.clearFaults();
  await app.sql(`update outbox_message set retry_at = now() where state = 'pending' and retry_at > now()`);
}

/** What a booking tells its customer, followed through the log, the attempts and the sandbox of the providers. */
export const bookingMessages = (app: () => TestApp) => {
  const { byPhone, messagesOf: rowsOf, textsTo } = texting(app);
  const messagesOf = (bookingId: string) => rowsOf({ id: bookingId });
  const messageOf = async (bookingId: string, family: string, channel = 'sms') =>
    (await messagesOf(bookingId)).filter((row) => row.family === family && row.channel === channel).at(-1);
  return {
    /** A booking with the text alone: no e-mail takes part in what is tested. */
    byPhone,
    confirm: (booking: MadeBooking) => tell(app(), 'booking.confirmed', booking.id),
    messagesOf,
    messageOf,
    attemptsOf: (id: string | undefined) =>
      app().sql<{ outcome: string | null }>(
        'select outcome from message_attempt where message_id = $1 order by number',
        [id],
      ),
    stateIs: (bookingId: string, family: string, states: string[], channel = 'sms') =>
      waitFor(
        async () => states.includes((await messageOf(bookingId, family, channel))?.state ?? 'none'),
        15_000,
      ),
    textsTo: async (phone: string | null) => (await textsTo(phone)).map(({ body }) => body),
    mailsTo: async (email: string | null) => (await app().sandbox.state({ to: email ?? '' })).emails,
  };
};
