/** What a code means for a client: its HTTP status, a title, and what to do. Served at `/problems/:code`. */
export interface ProblemKind {
  status: number;
  title: string;
  remedy: string;
}

const kind = (status: number, title: string, remedy: string): ProblemKind => ({ status, title, remedy });

/** Every refusal of the product. Codes are permanent: the list grows, nothing is renamed. */
export const PROBLEMS = {
  malformed: kind(
    400,
    'The request cannot be read',
    'Send well-formed JSON in UTF-8 with the right Content-Type.',
  ),
  unauthenticated: kind(
    401,
    'Nobody is signed in',
    'Send a valid access token as `Authorization: Bearer …`.',
  ),
  'sign-in-failed': kind(
    401,
    'E-mail, password or code is wrong',
    'Check them; after several failures wait as long as `Retry-After` says, or ask for another code.',
  ),
  'code-wrong': kind(
    403,
    'The code is wrong',
    'Check the digits; a code is good for five minutes, five tries and one use. Ask for another one.',
  ),
  'signature-invalid': kind(
    403,
    'The signature is wrong',
    'Only the provider may call this route; check the shared secret and PUBLIC_URL.',
  ),
  'event-unverified': kind(
    400,
    'The event is not signed by its provider',
    'Check that the signing secret is the one of this endpoint, and that the clock of this machine is right.',
  ),
  forbidden: kind(403, 'Not allowed for your role', 'Ask somebody with a higher role.'),
  'not-found': kind(
    404,
    'Nothing here',
    'Check the id. What belongs to somebody else is answered the same way.',
  ),
  'method-not-allowed': kind(
    405,
    'The method does not exist here',
    'See the `Allow` header for those that do.',
  ),
  conflict: kind(
    409,
    'It collides with something that exists',
    'Read the detail, change the value, try again.',
  ),
  'slot-unavailable': kind(409, 'The time is taken', 'Pick one of `alternatives`, or ask for slots again.'),
  'outside-business-hours': kind(
    409,
    'Outside the working hours',
    'Pick a start that `GET /api/slots` offers.',
  ),
  'min-notice': kind(409, 'Too soon', 'Pick a later start; the salon needs some notice.'),
  'max-horizon': kind(409, 'Too far ahead', 'Pick an earlier date; the salon does not plan that far yet.'),
  'off-grid': kind(409, 'Not a start the salon offers', 'Pick a start that `GET /api/slots` offers.'),
  'service-staff-mismatch': kind(
    409,
    'This person does not offer this service',
    'Pick somebody from the service’s staff, or leave `staffId` out.',
  ),
  'active-booking-limit': kind(409, 'Too many active bookings', 'Let one take place or cancel one first.'),
  'hold-limit': kind(
    409,
    'Too many unpaid holds',
    'Pay for or give up an earlier hold, or wait until it expires.',
  ),
  'cancellation-window-closed': kind(409, 'Too late to cancel online', 'Call the salon; see `contact`.'),
  'reschedule-window-closed': kind(409, 'Too late to move online', 'Call the salon; see `contact`.'),
  'reschedule-limit': kind(409, 'Moved too often', 'Call the salon; see `contact`.'),
  'payment-required': kind(409, 'Not paid yet', 'Pay what is due first.'),
  'nothing-to-pay': kind(
    409,
    'Nothing is open',
    'Read the booking: `amountDue` says what is still to be paid.',
  ),
  'payment-processing': kind(
    409,
    'A payment is on its way',
    'Wait for the bank; the booking tells when it has arrived.',
  ),
  'payment-refused': kind(
    409,
    'The provider does not take it',
    'Pay at the salon; `reason` is the provider’s own code.',
  ),
  'hold-expired': kind(409, 'The hold ran out', 'Book again.'),
  'invalid-transition': kind(
    409,
    'Not possible in this state',
    'Read the booking again; its state has changed.',
  ),
  'calendar-not-connected': kind(
    409,
    'No calendar is connected',
    'Connect one at `/admin/calendar/connections`, or connect it again.',
  ),
  'calendar-consent-failed': kind(
    400,
    'The calendar was not connected',
    'Ask for a new link at `/admin/calendar/oauth/start`, and agree to everything on Google’s page.',
  ),
  'duplicate-message': kind(409, 'Already sent', 'Send `force: true` when it is really wanted twice.'),
  'recipient-opted-out': kind(409, 'The recipient opted out', 'They can text START to opt in again.'),
  'consent-missing': kind(409, 'The customer did not consent', 'Ask the customer first.'),
  'idempotency-in-progress': kind(
    409,
    'The first request is still running',
    'Wait for `Retry-After` seconds and repeat it unchanged.',
  ),
  'sandbox-only': kind(
    409,
    'Not while a provider is live',
    'Time can be moved only where every provider is the sandbox.',
  ),
  'erasure-blocked': kind(
    409,
    'Something has to be settled first',
    'See `blockers`; ask again when they are gone.',
  ),
  erased: kind(410, 'Erased', 'The person asked for erasure; nothing is left.'),
  'version-mismatch': kind(412, 'Changed in the meantime', 'Read it again and repeat with the new ETag.'),
  'payload-too-large': kind(413, 'The body is too large', 'Bodies are at most 100 kB (webhooks 64 kB).'),
  'unsupported-media-type': kind(415, 'Not JSON', 'Send `Content-Type: application/json`.'),
  'request-timeout': kind(408, 'The request took too long to arrive', 'Send it again, without pauses.'),
  'headers-too-large': kind(
    431,
    'The headers are too large',
    'All headers together are at most 16 kB; send fewer or shorter ones.',
  ),
  'validation-failed': kind(
    422,
    'Some fields are not valid',
    'Correct what `errors` lists; nothing was changed.',
  ),
  'idempotency-key-reused': kind(
    422,
    'The key was used for another request',
    'Use a fresh Idempotency-Key for a different body.',
  ),
  'precondition-required': kind(428, 'If-Match is required', 'Read first, then send its ETag as If-Match.'),
  'rate-limited': kind(429, 'Too many requests', 'Wait for `Retry-After` seconds.'),
  'step-up-required': kind(
    403,
    'Confirm it is you',
    'Ask for a code with `POST /api/auth/step-up`, send it to `/api/auth/step-up/verify`, and repeat.',
  ),
  internal: kind(500, 'Something broke on our side', 'Try again; when it stays, tell us the requestId.'),
  unavailable: kind(503, 'Too busy', 'Wait for `Retry-After` seconds and repeat.'),
  'provider-unavailable': kind(503, 'The provider does not answer', 'Try again later; nothing was lost.'),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Whether a text is a code of the catalogue. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}
