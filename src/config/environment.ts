import { plainToInstance, Type } from 'class-transformer';
import {
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  validateSync,
} from 'class-validator';

const URL_OPTIONS = { require_tld: false, require_protocol: true };
const base = { ...URL_OPTIONS, protocols: ['http', 'https'] };

/** Every variable Lawrei reads, as text from outside; `.env.example` says what each is for. */
export class Environment {
  @IsOptional() @IsIn(['development', 'production', 'test']) NODE_ENV?: string;
  @IsOptional() @IsIn(['all', 'api', 'worker']) LAWREI_ROLE?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(65_535) PORT?: number;
  @IsOptional() @IsString() HOST?: string;
  @IsOptional() @IsString() LAWREI_DATA_DIR?: string;
  @IsOptional() @IsUrl(base) PUBLIC_URL?: string;
  @IsOptional() @Type(() => Number) @IsNumber() @Min(0.01) RATE_LIMIT_SCALE?: number;
  @IsOptional() @IsString() TRUST_PROXY?: string;
  @IsOptional() @IsString() CORS_ORIGINS?: string;
  @IsOptional() @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'silent']) LOG_LEVEL?: string;

  @IsOptional() @IsUrl({ ...URL_OPTIONS, protocols: ['postgres', 'postgresql'] }) DATABASE_URL?: string;
  @IsOptional() @IsUrl({ ...URL_OPTIONS, protocols: ['postgres', 'postgresql'] }) DATABASE_APP_URL?: string;
  @IsOptional() @MinLength(16) DATABASE_APP_PASSWORD?: string;
  @IsOptional() @IsUrl({ ...URL_OPTIONS, protocols: ['redis', 'rediss'] }) REDIS_URL?: string;

  @IsOptional() @Matches(/^AC[0-9a-f]{32}$/) TWILIO_ACCOUNT_SID?: string;
  @IsOptional() @MinLength(16) TWILIO_AUTH_TOKEN?: string;
  @IsOptional() @Matches(/^\+[1-9]\d{6,14}$/) TWILIO_PHONE_NUMBER?: string;
  @IsOptional() @Matches(/^MG[0-9a-f]{32}$/) TWILIO_MESSAGING_SERVICE_SID?: string;
  @IsOptional() @IsUrl(base) TWILIO_API_BASE?: string;
  @IsOptional() @IsIn(['twilio', 'app']) TWILIO_HELP_REPLY?: string;

  @IsOptional() @Matches(/^(sk|rk)_(test|live)_\w{8,}$/) STRIPE_SECRET_KEY?: string;
  @IsOptional() @Matches(/^pk_(test|live)_\w{8,}$/) STRIPE_PUBLISHABLE_KEY?: string;
  @IsOptional() @Matches(/^whsec_[\w+/=]{8,}(,whsec_[\w+/=]{8,})?$/) STRIPE_WEBHOOK_SECRET?: string;
  @IsOptional() @IsUrl(base) STRIPE_API_BASE?: string;

  @IsOptional() @MinLength(8) GOOGLE_CLIENT_ID?: string;
  @IsOptional() @MinLength(8) GOOGLE_CLIENT_SECRET?: string;
  @IsOptional() @MinLength(8) GOOGLE_REFRESH_TOKEN?: string;
  @IsOptional() @IsString() GOOGLE_CALENDAR_ID?: string;
  @IsOptional() @IsUrl(base) GOOGLE_API_BASE?: string;
  @IsOptional() @IsUrl(base) GOOGLE_OAUTH_BASE?: string;

  @IsOptional() @IsUrl({ ...URL_OPTIONS, protocols: ['smtp', 'smtps'] }) SMTP_URL?: string;
  @IsOptional() @IsEmail({ allow_display_name: true }) EMAIL_FROM?: string;

  @IsOptional() @IsString() BUSINESS_NAME?: string;
  @IsOptional() @IsString() BUSINESS_ADDRESS?: string;
  @IsOptional() @IsString() TIMEZONE?: string;
  @IsOptional() @Matches(/^[A-Z]{3}$/) CURRENCY?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(23) BUSINESS_START_HOUR?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(24) BUSINESS_END_HOUR?: number;
  @IsOptional() @Matches(/^[0-7](,[0-7])*$/) BUSINESS_DAYS?: string;

  @IsOptional() @Matches(/-----BEGIN/) JWT_PRIVATE_KEY?: string;
  @IsOptional() @Matches(/-----BEGIN/) JWT_NEXT_PRIVATE_KEY?: string;
  @IsOptional() @MinLength(32) ENCRYPTION_KEY?: string;
  @IsOptional() @IsEmail() LAWREI_OWNER_EMAIL?: string;
  @IsOptional() @MinLength(12) LAWREI_OWNER_PASSWORD?: string;

  @IsOptional() @Type(() => Number) @IsInt() @Min(50) @Max(10_000) OUTBOX_POLL_MS?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(200) @Max(600_000) OUTBOX_LEASE_MS?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(10) @Max(600_000) MESSAGE_RECONCILE_MS?: number;
  @IsOptional() @Type(() => Number) @IsInt() @Min(10) @Max(600_000) PROVIDER_BREAKER_MS?: number;
  @IsOptional() @IsIn(['true', 'false']) DOCS_ENABLED?: string;
  @IsOptional() @MinLength(16) METRICS_TOKEN?: string;
  @IsOptional() @MinLength(16) EMAIL_BOUNCE_TOKEN?: string;
  @IsOptional() @IsUrl(base) SENTRY_DSN?: string;
}

/** Start-up refuses a configuration it cannot trust, naming the variables and never their values. */
export class ConfigurationError extends Error {}

/** Reads the variables strictly; an empty one counts as not set. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const set = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const known = plainToInstance(Environment, set, { exposeDefaultValues: true });
  const wrong = validateSync(known, { forbidUnknownValues: true }).map(
    (error) =>
      `${error.property}: ${Object.values(error.constraints ?? {})
        .join(', ')
        .replaceAll(error.property, 'it')}`,
  );
  if (wrong.length > 0)
    throw new ConfigurationError(`The configuration is not valid.\n  ${wrong.join('\n  ')}`);
  return known;
}
