/**
 * The account the sandbox pretends to be. Computed rather than written out, so that no secret scanner takes them for real
 * keys; the phone number is the one Twilio itself reserves as a valid test sender.
 */
export const SANDBOX_TWILIO = {
  accountSid: `AC${'5a'.repeat(16)}`,
  authToken: '5b'.repeat(16),
  phoneNumber: '+15005550006',
} as const;

/** Any messaging service id of this shape is accepted and sends from the sandbox's number. */
export const SANDBOX_MESSAGING_SERVICE_SID = `MG${'5c'.repeat(16)}`;

/**
 * The Stripe account the sandbox pretends to be. Test keys by their prefix, sandbox keys by everything after it; the server
 * uses the secret one, the customer's browser the publishable one, and the webhook secret signs what the app is told.
 */
export const SANDBOX_STRIPE = {
  secretKey: `sk_test_${'sandbox'.repeat(4)}`,
  publishableKey: `pk_test_${'sandbox'.repeat(4)}`,
  webhookSecret: `whsec_${'sandbox'.repeat(4)}`,
} as const;

/** What the sandbox's mail server knows when it brings back what could not be delivered. */
export const SANDBOX_BOUNCE_TOKEN = 'sandbox'.repeat(4);

/**
 * The Google account the sandbox pretends to be, as an OAuth client with its consent already given, and the calendar it writes to.
 */
export const SANDBOX_GOOGLE = {
  clientId: `${'5d'.repeat(6)}-sandbox.apps.googleusercontent.com`,
  clientSecret: `GOCSPX-${'sandbox'.repeat(4)}`,
  refreshToken: `1//${'sandbox'.repeat(4)}`,
  calendarId: 'salon@calendar.sandbox.example',
} as const;
