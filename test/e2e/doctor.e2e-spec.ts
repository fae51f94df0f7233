import type { Checkup, Finding } from '../../src/common/checkup.js';
import { GoogleCheckup } from '../../src/calendar/google.checkup.js';
import { loadConfig, type Config } from '../../src/config/config.js';
import { Database } from '../../src/database/database.service.js';
import { SmtpCheckup } from '../../src/email/smtp.checkup.js';
import { Doctor } from '../../src/operations/doctor.service.js';
import { SettingsCheckup } from '../../src/operations/settings.checkup.js';
import { StripeCheckup } from '../../src/payments/stripe.checkup.js';
import { SANDBOX_GOOGLE, SANDBOX_STRIPE, SANDBOX_TWILIO } from '../../src/sandbox/emulator/credentials.js';
import { TwilioCheckup } from '../../src/sms/twilio.checkup.js';
import { TestApp } from '../support/test-app.js';
import { lawrei } from '../support/test-build.js';

const said = async (checkup: Checkup): Promise<string[]> =>
  (await checkup.examine()).map(({ state, says }: Finding) => `${state}: ${says}`);

describe('the doctor', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  /** A live configuration of the providers that the sandbox plays. */
  const live = (change: Record<string, string> = {}): Config => {
    const { twilio, stripe, google, smtp, publicUrl } = app.config;
    return loadConfig({
      PUBLIC_URL: publicUrl,
      TWILIO_ACCOUNT_SID: SANDBOX_TWILIO.accountSid,
      TWILIO_AUTH_TOKEN: SANDBOX_TWILIO.authToken,
      TWILIO_PHONE_NUMBER: SANDBOX_TWILIO.phoneNumber,
      TWILIO_API_BASE: String(twilio.apiBase),
      STRIPE_SECRET_KEY: SANDBOX_STRIPE.secretKey,
      STRIPE_PUBLISHABLE_KEY: SANDBOX_STRIPE.publishableKey,
      STRIPE_WEBHOOK_SECRET: SANDBOX_STRIPE.webhookSecret,
      STRIPE_API_BASE: String(stripe.apiBase),
      GOOGLE_CLIENT_ID: SANDBOX_GOOGLE.clientId,
      GOOGLE_CLIENT_SECRET: SANDBOX_GOOGLE.clientSecret,
      GOOGLE_REFRESH_TOKEN: SANDBOX_GOOGLE.refreshToken,
      GOOGLE_CALENDAR_ID: SANDBOX_GOOGLE.calendarId,
      GOOGLE_API_BASE: String(google.apiBase),
      GOOGLE_OAUTH_BASE: String(google.oauthBase),
      SMTP_URL: String(smtp.url),
      EMAIL_FROM: smtp.from,
      ...change,
    });
  };
  const google = (change?: Record<string, string>) => new GoogleCheckup(live(change), app.get(Database));

  it('looks at every part, what others stand on first, and finds nothing broken in the sandbox', async () => {
    const diagnoses = await app.get(Doctor).examine();
    expect(diagnoses.map(({ part }) => part)).toEqual([
      ...['settings', 'database', 'redis', 'e-mail', 'twilio', 'stripe', 'google'],
    ]);
    const failures = diagnoses.flatMap(({ findings }) => findings).filter(({ state }) => state === 'failure');
    expect(failures).toEqual([]);
  });

  it('finds providers that work to work', async () => {
    expect(await said(new TwilioCheckup(live()))).toEqual([
      'warning: The account is on trial: it texts verified numbers only.',
      `ok: ${SANDBOX_TWILIO.phoneNumber} is the account’s and can text.`,
      'ok: What customers answer comes here.',
    ]);
    expect(await said(new StripeCheckup(live()))).toEqual([
      'ok: Stripe lets us in; the account can take money.',
      'ok: Its events come here.',
      'ok: They come in version 2026-10-28.endive.',
    ]);
    expect(await said(google())).toEqual([
      expect.stringMatching(/^ok: Google lets us in; the calendar “.+” can be written to\.$/),
      'warning: Google tells of changes over https only: calendars are read every two minutes.',
    ]);
    const token = { EMAIL_BOUNCE_TOKEN: 'sixteen letters or more' };
    const [takesUsIn, takesBounces] = await said(new SmtpCheckup(live(token)));
    expect(takesUsIn).toMatch(/^ok: The mail server takes us in/);
    expect(takesBounces).toBe('ok: E-mails that come back are taken in at /webhooks/email/bounces.');
    expect((await said(new SmtpCheckup(live())))[1]).toBe('warning: Nobody says when an e-mail comes back.');
  });

  it('says which credential is wrong', async () => {
    expect(await said(new TwilioCheckup(live({ TWILIO_AUTH_TOKEN: 'x'.repeat(32) })))).toEqual([
      'failure: Twilio does not let us in.',
    ]);
    const key = SANDBOX_STRIPE.secretKey.replace('sandbox', 'another');
    expect((await said(new StripeCheckup(live({ STRIPE_SECRET_KEY: key }))))[0]).toMatch(
      /^failure: Stripe could not be asked/,
    );
    expect((await said(google({ GOOGLE_REFRESH_TOKEN: '1//another token' })))[0]).toBe(
      'failure: Google takes the consent no more.',
    );
  });

  it('says what is set up elsewhere than here', async () => {
    const moved = { PUBLIC_URL: 'https://salon.example' };
    expect((await said(new TwilioCheckup(live(moved))))[2]).toMatch(
      /^warning: What customers answer goes to http:/,
    );
    expect((await said(new StripeCheckup(live(moved))))[1]).toBe(
      'failure: No webhook endpoint calls https://salon.example/webhooks/stripe.',
    );
    expect((await said(new TwilioCheckup(live({ TWILIO_PHONE_NUMBER: '+15005550007' }))))[1]).toBe(
      'failure: The account has no number +15005550007.',
    );
    expect((await said(google({ GOOGLE_CALENDAR_ID: 'nobody@example.com' })))[0]).toBe(
      'failure: The account has no calendar nobody@example.com.',
    );
  });

  it('says what does not answer, and what is not configured', async () => {
    expect((await said(new SmtpCheckup(live({ SMTP_URL: 'smtp://127.0.0.1:1' }))))[0]).toMatch(
      /^failure: The mail server does not answer/,
    );
    const bare = Object.assign(loadConfig({}), {
      twilio: { ...app.config.twilio, mode: 'unconfigured' as const },
    });
    expect(await said(new TwilioCheckup(bare))).toEqual([
      'warning: It is not configured: texts wait until it is.',
    ]);
  });

  it('is asked by npm run lawrei -- doctor, which fails where something does not work', async () => {
    const well = await lawrei(app, ['doctor']);
    expect([well.code, well.err]).toEqual([0, '']);
    expect(well.out).toContain('ok       database  The application’s role is held to row-level security.\n');
    await app.sql('update account set disabled_at = now()');
    const ill = await lawrei(app, ['doctor']);
    await app.sql('update account set disabled_at = null');
    expect([ill.code, ill.err]).toEqual([1, '1 of these do not work.\n']);
    expect(ill.out).toContain(
      'FAILURE  database  No owner can sign in.\n                   → npm run lawrei -- account:create',
    );
  });

  it('finds a broken connection, and settings that are none for production', async () => {
    await app.sql(
      `insert into calendar_connection (id, source, state, refresh_token, account_subject, account_email)
       values (gen_random_uuid(), 'oauth', 'broken', 'x', 'x', 'salon@example.com')`,
    );
    expect(await said(google())).toContain('failure: The connection to salon@example.com is broken.');
    expect(await said(new SettingsCheckup(Object.assign(loadConfig({}), { production: true })))).toEqual([
      expect.stringMatching(/^failure: PUBLIC_URL is http:/),
      'failure: JWT_PRIVATE_KEY or ENCRYPTION_KEY is not set.',
      'warning: Nobody can read /metrics.',
      expect.stringMatching(/^(ok|warning): \/docs/),
    ]);
  });
});
