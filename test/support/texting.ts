import { SANDBOX_TWILIO } from '../../src/sandbox/emulator/credentials.js';
import { twilioSignature } from '../../src/sandbox/emulator/webhook-post.js';
import { aBooking, tell, type MadeBooking } from './factories.js';
import type { TestApp } from './test-app.js';

/** Monday 4 March 2030, 09:00 in New York; what is booked on the Friday before is far enough away for a reminder. */
export const MONDAY_9 = '2030-03-04T14:00:00Z';
export const FRIDAY_9 = '2030-03-01T14:00:00Z';

/** A row of the message log. */
export interface MessageRow {
  id: string;
  channel: string;
  family: string;
  state: string;
  reason: string | null;
  body: string | null;
  due_at: Date;
  flagged_at: Date | null;
  provider_id: string | null;
  dedupe_key: string;
}

let serial = 0;

/** Texts to and from customers: bookings with a phone alone, what became of their texts, and Twilio calling us. */
export const texting = (app: () => TestApp) => {
  const byPhone = (
    wishes: { phone?: string; status?: 'confirmed' | 'cancelled'; startsAt?: string; timeZone?: string } = {},
  ) => aBooking(app(), { startsAt: MONDAY_9, email: null, ...wishes });

  /** A form as Twilio posts it, signed unless told otherwise. */
  const post = async (path: string, form: Record<string, string>, signature?: string) => {
    const sign = signature ?? twilioSignature(SANDBOX_TWILIO.authToken, app().config.publicUrl + path, form);
    return app().app.inject({
      method: 'POST',
      url: path,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': sign,
        host: 'evil.example',
      },
      payload: new URLSearchParams(form).toString(),
    });
  };

  return {
    byPhone,
    post,
    textsTo: async (phone: string | null) => (await app().sandbox.state({ to: phone ?? '' })).sms,
    messagesOf: ({ id }: Pick<MadeBooking, 'id'>) =>
      app().sql<MessageRow>('select * from message where booking_id = $1 order by created_at, id', [id]),
    stateOf: async (id: string) =>
      (await app().sql<MessageRow>('select * from message where id = $1', [id]))[0]?.state,
    confirmed: async (wishes: { phone?: string } = {}) => {
      const booking = await byPhone(wishes);
      await tell(app(), 'booking.confirmed', booking.id);
      await app().effectsDone();
      return booking;
    },
    inbound: (from: string, body: string) => {
      serial += 1;
      return post('/webhooks/twilio/inbound', {
        MessageSid: `SM${String(serial).padStart(32, '0')}`,
        From: from,
        To: SANDBOX_TWILIO.phoneNumber,
        Body: body,
        Unknown: 'x',
      });
    },
  };
};
