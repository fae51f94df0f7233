/** The part of a property's documentation that decides what a telling example of it is. */
export interface Exemplary {
  type?: unknown;
  format?: string;
  enum?: readonly unknown[];
  isArray?: boolean;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
}

const ID = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';
/** 43 characters of base64url, as tokens are; it opens nothing. */
const TOKEN = 'kX3vN8qLw2RtYb6ZcJ0mHs5PdFgAeU9iVo4W7xQnT1E';

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: ID,
  date: '2030-03-04',
  'date-time': '2030-03-04T09:00:00-05:00',
  password: 'correct horse battery',
  email: 'ada@example.com',
  e164: '+15005550100',
};

/** One story told in all the documents: Ada Lovelace has her hair cut, comes late to nothing, and pays in dollars. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  accessToken: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwMTkzNmYyYSJ9.4pQ9J2vT7cXk',
  address: '12 Main Street, Springfield',
  amount: 2_000,
  attempt: 1,
  body: 'Your haircut is confirmed for Mon, Mar 4, 9:00 AM.',
  bufferAfterMinutes: 10,
  bufferBeforeMinutes: 0,
  by: 'guest',
  calendarEventId: 'evt-7f3a91',
  cancelNoticeHours: 24,
  cancelReason: 'The customer is ill',
  code: 'not-found',
  currency: 'USD',
  cursor: 'MjAzMC0wMy0wNFQxNDowMDowMFp8MDE5MzZmMmE',
  dead: 0,
  description: 'Wash, cut and blow-dry',
  detail: 'There is nothing here, or it is not yours to see.',
  durationMinutes: 45,
  email: 'ada@example.com',
  errorCode: 30_006,
  handler: 'messaging.plan',
  helpUrl: 'https://lawrei.example/help',
  holdMinutes: 10,
  horizonDays: 60,
  hoursBefore: 24,
  httpStatus: 201,
  instance: '/api/bookings/01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55',
  lastError: 'The provider did not answer in time',
  limit: 25,
  locale: 'en-US',
  maxActiveBookings: 10,
  maxHoldsPerContact: 3,
  maxReschedules: 3,
  migrations: 4,
  minNoticeMinutes: 120,
  name: 'Ada Lovelace',
  nextCursor: 'MjAzMC0wMy0wNFQxNDowMDowMFp8MDE5MzZmMmE',
  notes: 'Prefers the chair by the window',
  number: 1,
  oldestDueSeconds: 4,
  outcome: 'accepted',
  overlapsBookings: ID,
  percent: 50,
  phone: '+15005550100',
  priceAmount: 8_500,
  providerId: 'SM0123456789abcdef0123456789abcdef',
  queueDepth: 2,
  reason: 'The customer asked for it',
  refreshToken: TOKEN,
  remedy: 'Check the id. What belongs to somebody else is answered the same way.',
  requestId: 'b3a0f6de-52c1-4f0b-9a57-6f3d0c1e8a42',
  rescheduleNoticeHours: 2,
  search: 'ada',
  segments: 1,
  smsCountries: 'US',
  smsDailyBudget: 500,
  staffHoldHours: 24,
  status: 404,
  stepMinutes: 15,
  subject: 'Your appointment',
  timeZone: 'America/New_York',
  title: 'Nothing here',
  to: '+15005550100',
  token: TOKEN,
  topic: 'booking.confirmed',
  value: 'UTC',
  version: 3,
  warnings: 'outside-business-hours',
  weekday: 1,
};

/**
 * A value a client may copy: the one its name is known by, when it keeps the bounds, and otherwise one its kind
 * suggests. Undefined for objects, which are shown by their own properties.
 */
export function exampleOf(property: string, schema: Exemplary): unknown {
  if (schema.type === 'object') return {};
  if (isObjectType(schema.type)) return undefined;
  const value = singleExample(property, schema);
  return schema.isArray === true && value !== undefined ? [value] : value;
}

/** `() => Type`, or a class that is not one of the language's own. */
const isObjectType = (type: unknown) => typeof type === 'function' && type !== String && type !== Boolean;

function singleExample(property: string, schema: Exemplary): unknown {
  if (schema.enum) return schema.default ?? schema.enum[0];
  if (schema.type === Boolean) return schema.default ?? true;
  const named = Object.hasOwn(BY_NAME, property) ? BY_NAME[property] : undefined;
  if (schema.type === 'integer')
    return intExample(typeof named === 'number' ? named : schema.default, schema);
  const known = schema.format === undefined ? undefined : BY_FORMAT[schema.format];
  if (known !== undefined) return known;
  if (/^id$|[a-z]Ids?$/.test(property) && named === undefined) return ID;
  return textExample(typeof named === 'string' ? named : schema.default, schema);
}

function intExample(wished: unknown, { minimum, maximum }: Exemplary): number {
  const value = typeof wished === 'number' ? wished : 1;
  return Math.min(Math.max(value, minimum ?? value), maximum ?? value);
}

function textExample(wished: unknown, { minLength = 0, maxLength = Infinity }: Exemplary): string {
  const value = typeof wished === 'string' ? wished : 'Text';
  return value.padEnd(minLength, '.').slice(0, maxLength);
}
