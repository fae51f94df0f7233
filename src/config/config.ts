import { isAbsolute, resolve } from 'node:path';
import { isCurrency } from '../common/money.js';
import { isTimeZone } from '../common/time/zone-offsets.js';
import { ConfigurationError, readEnvironment, type Environment } from './environment.js';
import { trustedProxies } from './trusted-proxies.js';

export type ProviderMode = 'live' | 'sandbox' | 'unconfigured';

/** Twilio's account, or which of the other modes it is in. */
export interface TwilioConfig {
  mode: ProviderMode;
  accountSid: string;
  authToken: string;
  from: string;
  messagingServiceSid: string | null;
  apiBase: string | null;
  helpReply: 'twilio' | 'app';
}

/** Stripe's account, or which of the other modes it is in. */
export interface StripeConfig {
  mode: ProviderMode;
  secretKey: string;
  /** For the customer's browser; no secret. */
  publishableKey: string;
  /** One, or two while they are changed: what either signed is believed. */
  webhookSecrets: string[];
  apiBase: string | null;
}

/** Google's OAuth client, or which of the other modes it is in; and the account that the environment itself connects. */
export interface GoogleConfig {
  mode: ProviderMode;
  clientId: string;
  clientSecret: string;
  /** Consent given beforehand; null: accounts are connected through the API alone. */
  refreshToken: string | null;
  /** The calendar that account writes to. */
  calendarId: string;
  apiBase: string | null;
  oauthBase: string | null;
}

/** Values that seed an empty database; afterwards the database is the truth (`/admin/settings`). */
export interface BusinessSeed {
  name: string;
  address: string;
  timeZone: string;
  currency: string;
  startHour: number;
  endHour: number;
  days: number[];
}

/** The whole configuration, checked; injected as a value, never read from the environment elsewhere. */
export abstract class Config {
  abstract readonly production: boolean;
  abstract readonly role: 'all' | 'api' | 'worker';
  abstract readonly port: number;
  abstract readonly host: string;
  /** Absolute path of the folder with the embedded database, keys and the sandbox's journal. */
  abstract readonly dataDir: string;
  /** Base of every link in messages and of the webhooks' signatures; never taken from a request. */
  abstract readonly publicUrl: string;
  abstract readonly rateLimitScale: number;
  /** Exact proxies whose X-Forwarded-For is believed; null trusts none. */
  abstract readonly trustProxy: string[] | null;
  abstract readonly corsOrigins: string[];
  abstract readonly logLevel: string;
  abstract readonly databaseUrl: string | null;
  abstract readonly databaseAppUrl: string | null;
  abstract readonly databaseAppPassword: string | null;
  abstract readonly redisUrl: string | null;
  abstract readonly twilio: TwilioConfig;
  abstract readonly stripe: StripeConfig;
  abstract readonly google: GoogleConfig;
  abstract readonly smtp: {
    mode: ProviderMode;
    url: string | null;
    from: string;
    /** What whoever brings mails that came back has to know; null lets nobody bring any. */
    bounceToken: string | null;
  };
  abstract readonly business: BusinessSeed;
  abstract readonly jwtPrivateKeys: string[];
  /** Root of the keys derived for stored secrets and codes; null until generated into the data folder. */
  abstract readonly encryptionKey: string | null;
  abstract readonly owner: { email: string; password: string } | null;
  abstract readonly outboxPollMs: number;
  abstract readonly outboxLeaseMs: number;
  /** How long a provider's list is given to show a message that got no answer, in ms of real time. */
  abstract readonly messageReconcileMs: number;
  /** How long a provider that is out is left alone, in ms of real time. */
  abstract readonly providerBreakerMs: number;
  abstract readonly docsEnabled: boolean;
  /** What a collector of measurements sends as its bearer token; without one they are given in production to nobody, elsewhere to all. */
  abstract readonly metricsToken: string | null;
  /** Where errors that nobody foresaw are collected, in Sentry's way. */
  abstract readonly sentryDsn: string | null;
  /** Names of the variables that were set; every other setting is a default. */
  abstract readonly given: ReadonlySet<string>;
}

/** True while any provider of this configuration is the sandbox: its process is started and its routes exist. */
export function usesSandbox(config: Config): boolean {
  return modesOf(config).includes('sandbox');
}

/** True while any provider is live: time may not be moved then. */
export function isLive(config: Config): boolean {
  return modesOf(config).includes('live');
}

function modesOf({ twilio, smtp, stripe, google }: Config): ProviderMode[] {
  return [twilio.mode, smtp.mode, stripe.mode, google.mode];
}

function together(env: Environment, names: readonly (keyof Environment)[]): boolean {
  const missing = names.filter((name) => env[name] === undefined);
  if (missing.length === names.length) return false;
  if (missing.length > 0)
    throw new ConfigurationError(`Also needed, since others of its group are set: ${missing.join(', ')}`);
  return true;
}

function twilioOf(env: Environment, fallback: ProviderMode): TwilioConfig {
  const live = together(env, ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_PHONE_NUMBER']);
  return {
    mode: live ? 'live' : fallback,
    accountSid: env.TWILIO_ACCOUNT_SID ?? '',
    authToken: env.TWILIO_AUTH_TOKEN ?? '',
    from: env.TWILIO_PHONE_NUMBER ?? '',
    messagingServiceSid: env.TWILIO_MESSAGING_SERVICE_SID ?? null,
    apiBase: env.TWILIO_API_BASE ?? null,
    helpReply: env.TWILIO_HELP_REPLY === 'app' ? 'app' : 'twilio',
  };
}

function stripeOf(env: Environment, fallback: ProviderMode, production: boolean): StripeConfig {
  const live = together(env, ['STRIPE_SECRET_KEY', 'STRIPE_PUBLISHABLE_KEY', 'STRIPE_WEBHOOK_SECRET']);
  const [secretKey, publishableKey] = [env.STRIPE_SECRET_KEY ?? '', env.STRIPE_PUBLISHABLE_KEY ?? ''];
  const isTest = (key: string) => key.includes('_test_');
  if (live && isTest(secretKey) !== isTest(publishableKey))
    throw new ConfigurationError(
      'STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY must both be test keys or both live',
    );
  if (live && production && isTest(secretKey))
    throw new ConfigurationError('STRIPE_SECRET_KEY must be a live key in production');
  return {
    mode: live ? 'live' : fallback,
    secretKey,
    publishableKey,
    webhookSecrets: listOf(env.STRIPE_WEBHOOK_SECRET),
    apiBase: env.STRIPE_API_BASE ?? null,
  };
}

function googleOf(env: Environment, fallback: ProviderMode): GoogleConfig {
  const client = ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'] as const;
  const live = together(env, env.GOOGLE_REFRESH_TOKEN ? [...client, 'GOOGLE_REFRESH_TOKEN'] : client);
  return {
    mode: live ? 'live' : fallback,
    clientId: env.GOOGLE_CLIENT_ID ?? '',
    clientSecret: env.GOOGLE_CLIENT_SECRET ?? '',
    refreshToken: env.GOOGLE_REFRESH_TOKEN ?? null,
    calendarId: env.GOOGLE_CALENDAR_ID ?? 'primary',
    apiBase: env.GOOGLE_API_BASE ?? null,
    oauthBase: env.GOOGLE_OAUTH_BASE ?? null,
  };
}

function smtpOf(env: Environment, fallback: ProviderMode): Config['smtp'] {
  const from = env.EMAIL_FROM ?? 'Lawrei Beauty <hello@lawrei.example>';
  const bounceToken = env.EMAIL_BOUNCE_TOKEN ?? null;
  return { mode: env.SMTP_URL ? 'live' : fallback, url: env.SMTP_URL ?? null, from, bounceToken };
}

function businessOf(env: Environment): BusinessSeed {
  const timeZone = env.TIMEZONE ?? 'America/New_York';
  if (!isTimeZone(timeZone))
    throw new ConfigurationError('TIMEZONE is not an IANA time zone name such as Europe/Berlin');
  const currency = env.CURRENCY ?? 'USD';
  if (!isCurrency(currency)) throw new ConfigurationError('CURRENCY is not an ISO 4217 currency such as EUR');
  const startHour = env.BUSINESS_START_HOUR ?? 9;
  const endHour = env.BUSINESS_END_HOUR ?? 18;
  if (endHour <= startHour)
    throw new ConfigurationError('BUSINESS_END_HOUR must be later than BUSINESS_START_HOUR');
  const days = (env.BUSINESS_DAYS ?? '1,2,3,4,5').split(',').map((day) => (day === '0' ? 7 : Number(day)));
  return {
    name: env.BUSINESS_NAME ?? 'Lawrei Beauty',
    address: env.BUSINESS_ADDRESS ?? '',
    timeZone,
    currency,
    startHour,
    endHour,
    days: [...new Set(days)].toSorted((a, b) => a - b),
  };
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A call to a provider takes up to 10 s, and a third of a lease is left when it begins: with less, a text might be sent twice. */
const SHORTEST_PATIENCE_MS = 30_000;

function requireInProduction(env: Environment): void {
  const missing: string[] = [];
  if (!env.DATABASE_URL && !env.DATABASE_APP_URL) missing.push('DATABASE_URL or DATABASE_APP_URL');
  if (env.DATABASE_URL && !env.DATABASE_APP_URL && !env.DATABASE_APP_PASSWORD)
    missing.push('DATABASE_APP_PASSWORD');
  for (const name of ['JWT_PRIVATE_KEY', 'ENCRYPTION_KEY', 'PUBLIC_URL'] as const)
    if (!env[name]) missing.push(name);
  if (missing.length > 0)
    throw new ConfigurationError(`In production these must be set: ${missing.join(', ')}`);
  if (!env.PUBLIC_URL?.startsWith('https://'))
    throw new ConfigurationError('PUBLIC_URL must be https in production');
  for (const name of ['OUTBOX_LEASE_MS', 'MESSAGE_RECONCILE_MS'] as const)
    if ((env[name] ?? SHORTEST_PATIENCE_MS) < SHORTEST_PATIENCE_MS)
      throw new ConfigurationError(`${name} must be at least ${SHORTEST_PATIENCE_MS} in production`);
}

function patienceOf(env: Environment) {
  return {
    outboxPollMs: env.OUTBOX_POLL_MS ?? 5_000,
    outboxLeaseMs: env.OUTBOX_LEASE_MS ?? 60_000,
    messageReconcileMs: env.MESSAGE_RECONCILE_MS ?? 60_000,
    providerBreakerMs: env.PROVIDER_BREAKER_MS ?? 30_000,
  };
}

/** Turns the environment into a configuration, or refuses it naming what is missing. */
export function loadConfig(variables: NodeJS.ProcessEnv = process.env): Config {
  const env = readEnvironment(variables);
  const production = env.NODE_ENV === 'production';
  if (production) requireInProduction(env);
  const fallback: ProviderMode = production ? 'unconfigured' : 'sandbox';
  const port = env.PORT ?? 3000;
  const owner = together(env, ['LAWREI_OWNER_EMAIL', 'LAWREI_OWNER_PASSWORD']);
  const dataDir = env.LAWREI_DATA_DIR ?? '.lawrei';
  return {
    production,
    role: env.LAWREI_ROLE === 'api' || env.LAWREI_ROLE === 'worker' ? env.LAWREI_ROLE : 'all',
    port,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(dataDir),
    publicUrl: (env.PUBLIC_URL ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    rateLimitScale: env.RATE_LIMIT_SCALE ?? 1,
    trustProxy: env.TRUST_PROXY ? trustedProxies(listOf(env.TRUST_PROXY)) : null,
    corsOrigins: listOf(env.CORS_ORIGINS),
    logLevel: env.LOG_LEVEL ?? 'info',
    databaseUrl: env.DATABASE_URL ?? null,
    databaseAppUrl: env.DATABASE_APP_URL ?? null,
    databaseAppPassword: env.DATABASE_APP_PASSWORD ?? null,
    redisUrl: env.REDIS_URL ?? null,
    twilio: twilioOf(env, fallback),
    stripe: stripeOf(env, fallback, production),
    google: googleOf(env, fallback),
    smtp: smtpOf(env, fallback),
    business: businessOf(env),
    jwtPrivateKeys: [env.JWT_PRIVATE_KEY, env.JWT_NEXT_PRIVATE_KEY].filter((key) => key !== undefined),
    encryptionKey: env.ENCRYPTION_KEY ?? null,
    owner: owner ? { email: env.LAWREI_OWNER_EMAIL ?? '', password: env.LAWREI_OWNER_PASSWORD ?? '' } : null,
    ...patienceOf(env),
    docsEnabled: env.DOCS_ENABLED ? env.DOCS_ENABLED === 'true' : !production,
    metricsToken: env.METRICS_TOKEN ?? null,
    sentryDsn: env.SENTRY_DSN ?? null,
    given: new Set(Object.keys(env)),
  };
}
