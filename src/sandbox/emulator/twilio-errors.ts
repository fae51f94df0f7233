import type { HttpAnswer } from './http-call.js';

/** HTTP status and text of the refusals Twilio's message API is known for. */
const REFUSALS = {
  20003: [401, 'Authenticate'],
  20004: [405, 'Method not allowed'],
  20009: [409, 'Resource not complete'],
  20404: [404, 'The requested resource was not found'],
  20429: [429, 'Too Many Requests'],
  20500: [500, 'An internal server error has occurred'],
  21211: [400, "Invalid 'To' Phone Number"],
  21212: [400, "Invalid 'From' Number"],
  21408: [400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"],
  21602: [400, 'Message body is required.'],
  21603: [400, "A 'From' phone number is required."],
  21604: [400, "A 'To' phone number is required."],
  21606: [400, "The 'From' phone number provided is not a valid message-capable Twilio phone number"],
  21609: [400, 'Invalid StatusCallback URL'],
  21610: [400, 'Attempt to send to unsubscribed recipient'],
  21611: [400, "This 'From' number has exceeded the maximum number of queued messages"],
  21612: [400, "Message cannot be sent with the current combination of 'To' and 'From' parameters"],
  21614: [400, "'To' number is not a valid mobile number"],
  21617: [400, 'The concatenated message body exceeds the 1600 character limit'],
  21620: [400, 'The message body can only be replaced by an empty one'],
  30409: [409, 'This message cannot be canceled'],
  35111: [400, 'SendAt timestamp is missing'],
  35114: [400, 'SendAt time must be between 300 seconds and 35 days in the future'],
  35118: [400, 'MessagingServiceSid is required to schedule a message'],
} as const satisfies Record<number, readonly [number, string]>;

/** A refusal code the emulator itself can answer. */
export type TwilioRefusal = keyof typeof REFUSALS;

/** Twilio's error body for one of its known refusals. */
export function refuse(code: TwilioRefusal): HttpAnswer {
  const [status, message] = REFUSALS[code];
  return errorAnswer(status, code, message);
}

/** Twilio's error body for any status a fault asks for; without a code the usual one of that status. */
export function refuseWith(status: number, code: number | undefined): HttpAnswer {
  const usual = Object.entries(REFUSALS).find(([, [known]]) => known === status && status !== 400)?.[0];
  return errorAnswer(status, code ?? Number(usual ?? 20500), `Simulated failure ${status}`);
}

function errorAnswer(status: number, code: number, message: string): HttpAnswer {
  const more_info = `https://www.twilio.com/docs/errors/${code}`;
  return { status, json: { code, message, more_info, status } };
}
