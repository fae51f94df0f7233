import type { Config } from './config.js';

export const SETTING_ORIGINS = ['env', 'db', 'default'] as const;
export type SettingOrigin = (typeof SETTING_ORIGINS)[number];

/** A setting in force; `value` is text, null when there is none. */
export interface EffectiveSetting {
  name: string;
  value: string | null;
  origin: SettingOrigin;
}

type Value = string | number | boolean | readonly string[] | null;

const MASKED = '•••';

/** Variables that are shown only as set or not set: passwords, keys and addresses that carry them. */
const secretsOf = (config: Config): Record<string, boolean> => ({
  DATABASE_URL: config.databaseUrl !== null,
  DATABASE_APP_URL: config.databaseAppUrl !== null,
  DATABASE_APP_PASSWORD: config.databaseAppPassword !== null,
  REDIS_URL: config.redisUrl !== null,
  TWILIO_AUTH_TOKEN: config.twilio.authToken !== '',
  STRIPE_SECRET_KEY: config.stripe.secretKey !== '',
  STRIPE_WEBHOOK_SECRET: config.stripe.webhookSecrets.length > 0,
  GOOGLE_CLIENT_SECRET: config.google.clientSecret !== '',
  GOOGLE_REFRESH_TOKEN: config.google.refreshToken !== null,
  SMTP_URL: config.smtp.url !== null,
  EMAIL_BOUNCE_TOKEN: config.smtp.bounceToken !== null,
  JWT_PRIVATE_KEY: config.jwtPrivateKeys.length > 0,
  ENCRYPTION_KEY: config.encryptionKey !== null,
  METRICS_TOKEN: config.metricsToken !== null,
  SENTRY_DSN: config.sentryDsn !== null,
  LAWREI_OWNER_PASSWORD: config.owner !== null,
});

const valuesOf = (config: Config): Record<string, Value> => ({
  NODE_ENV: config.production ? 'production' : 'development',
  LAWREI_ROLE: config.role,
  PORT: config.port,
  HOST: config.host,
  LAWREI_DATA_DIR: config.dataDir,
  PUBLIC_URL: config.publicUrl,
  RATE_LIMIT_SCALE: config.rateLimitScale,
  TRUST_PROXY: config.trustProxy,
  CORS_ORIGINS: config.corsOrigins,
  LOG_LEVEL: config.logLevel,
  TWILIO_ACCOUNT_SID: config.twilio.accountSid || null,
  TWILIO_PHONE_NUMBER: config.twilio.from || null,
  TWILIO_MESSAGING_SERVICE_SID: config.twilio.messagingServiceSid,
  TWILIO_API_BASE: config.twilio.apiBase,
  TWILIO_HELP_REPLY: config.twilio.helpReply,
  STRIPE_PUBLISHABLE_KEY: config.stripe.publishableKey || null,
  STRIPE_API_BASE: config.stripe.apiBase,
  GOOGLE_CLIENT_ID: config.google.clientId || null,
  GOOGLE_CALENDAR_ID: config.google.calendarId,
  GOOGLE_API_BASE: config.google.apiBase,
  GOOGLE_OAUTH_BASE: config.google.oauthBase,
  EMAIL_FROM: config.smtp.from,
  OUTBOX_POLL_MS: config.outboxPollMs,
  OUTBOX_LEASE_MS: config.outboxLeaseMs,
  MESSAGE_RECONCILE_MS: config.messageReconcileMs,
  PROVIDER_BREAKER_MS: config.providerBreakerMs,
  DOCS_ENABLED: config.docsEnabled,
});

/** What the environment and its defaults put in force; what lives in the database is for others to add. */
export function environmentSettings(config: Config): EffectiveSetting[] {
  const originOf = (name: string): SettingOrigin => (config.given.has(name) ? 'env' : 'default');
  const plain = Object.entries(valuesOf(config)).map(([name, value]) => ({
    name,
    value: shown(value),
    origin: originOf(name),
  }));
  const secret = Object.entries(secretsOf(config)).map(([name, isSet]) => ({
    name,
    value: isSet ? MASKED : null,
    origin: originOf(name),
  }));
  return [...plain, ...secret];
}

function shown(value: Value): string | null {
  if (value === null) return null;
  return Array.isArray(value) ? value.join(',') : String(value);
}
