import { JwtService } from '@nestjs/jwt';
import { AccessTokens } from '../../src/auth/access-tokens.js';
import { SigningKeys } from '../../src/auth/signing-keys.js';
import { newId } from '../../src/common/ids.js';
import { WORKER } from '../../src/common/actor.js';
import { Database } from '../../src/database/database.service.js';
import { Forgetting } from '../../src/privacy/forgetting.service.js';
import { Message } from '../../src/messaging/entities/message.entity.js';
import { aManageLink, anAccount, aStaffAccount, theOwner } from './factories.js';
import { partsOf, signed } from './forged-tokens.js';
import { aPayment, aPaymentTask, aReceipt, aRefund } from './payment-rows.js';
import { bookAsGuest, openSalon } from './salon.js';
import { OWNER_EMAIL, OWNER_PASSWORD, type TestApp } from './test-app.js';

/** Somebody with a booking, and everything that is theirs alone. */
export interface Person {
  customerId: string;
  /** Proven. */
  email: string;
  bookingId: string;
  resourceId: string;
  messageId: string;
  timeOffId: string;
  /** Of the booking, for people to say on the phone. */
  reference: string;
  /** Received, with a receipt and a refund. */
  paymentId: string;
  manageToken: string;
  isErased: boolean;
  /** Texts that only those may read who may see this person's booking. */
  secrets: readonly string[];
}

/** Whoever calls, by what they hold. */
export interface Actor {
  name: string;
  /** What stands behind `Bearer`; null sends nothing. */
  token: string | null;
  /** `null` for nobody, `false` for somebody whose token must not be believed. */
  kind: 'customer' | 'guest' | 'staff' | 'reception' | 'manager' | 'owner' | null | false;
  /** The customer, the booking or the calendar that is theirs. */
  own: string | null;
}

export interface Cast {
  ada: Person;
  ben: Person;
  /** Asked for erasure; nothing of her is left but her rows. */
  eve: Person;
  serviceId: string;
  /** Of somebody who works here and calls nothing. */
  accountId: string;
  /** What about money waits for a person. */
  taskId: string;
  /** An account at Google that took its consent back, a calendar of it, and a card about Ada's booking. */
  connectionId: string;
  calendarId: string;
  conflictId: string;
  actors: readonly Actor[];
}

/** Three people with a booking each on calendars of their own, one of them erased since, and everybody who might want to look. */
export async function castOf(app: TestApp): Promise<Cast> {
  await app.timeIs('2030-03-01T14:00:00Z'); // a Friday morning in New York
  const salon = await openSalon(app, { staff: 3, paymentPolicy: 'full' });
  const [first = '', second = '', third = ''] = salon.staffIds;
  const ada = await aPerson(app, salon.serviceId, first, 'Adalaide Lovelace-Byron');
  const ben = await aPerson(app, salon.serviceId, second, 'Benedict Babbage-Moore');
  const eve = await aPerson(app, salon.serviceId, third, 'Evelyn Boole-Everest');
  const actors = [...(await theWelcome(app, ada, ben)), ...(await theRefused(app, ada, eve))];
  const { id: accountId } = await anAccount(app);
  const taskId = await aPaymentTask(app);
  const calendars = await aCalendarConflict(app, ada.bookingId);
  await app
    .get(Database)
    .transact(WORKER, (em, now) => app.get(Forgetting).forget(em, WORKER, eve.customerId, now, 'asked'));
  return {
    ada,
    ben,
    eve: { ...eve, isErased: true },
    serviceId: salon.serviceId,
    accountId,
    taskId,
    actors,
    ...calendars,
  };
}

async function aPerson(app: TestApp, serviceId: string, resourceId: string, name: string): Promise<Person> {
  const [word = ''] = name.toLowerCase().split(' ');
  const number = `+1212555${String(1_000 + word.charCodeAt(0)).slice(-4)}`;
  const contact = { name, phone: number, email: `${word}@private.example` };
  const notes = `${word} is allergic to henna`;
  const start = '2030-03-04T10:00:00-05:00';
  const booked = await bookAsGuest(app, { serviceId, staffIds: [resourceId] }, start, {
    customer: contact,
    staffId: resourceId,
    notes,
  });
  if (booked.status !== 201) throw new Error(`no booking: ${booked.text}`);
  const { id: bookingId, reference, manageToken, customer } = booked.body;
  const [messageId, timeOffId] = [newId(), newId()];
  await app.sql(
    `insert into time_off (id, resource_id, starts_at, ends_at, reason, created_at) values ($1, $2, '2031-01-01Z', '2031-01-02Z', $3, now())`,
    [timeOffId, resourceId, `visits ${word}`],
  );
  await app.sql('update customer set notes = $2, email_verified_at = now() where id = $1', [
    customer.id,
    `${word} tips well`,
  ]);
  await app.get(Database).transact(WORKER, async (em, now) => {
    em.create(Message, {
      ...{
        id: messageId,
        customerId: customer.id,
        bookingId,
        direction: 'in',
        channel: 'sms',
        family: 'inbound',
        class: 'transactional',
        state: 'received',
      },
      ...{
        toAddress: number,
        toHash: 'x'.repeat(43),
        dedupeKey: `in:${messageId}`,
        dueAt: now,
        expiresAt: now,
        createdAt: now,
        finalAt: now,
        automatic: false,
        body: `${word} wrote this`,
      },
    });
  });
  await app.sql(
    `insert into erasure_request (id, customer_id, state, asked_at, due_at, ended_at) values ($1, $2, 'withdrawn', '2030-01-01Z', '2030-01-04Z', '2030-01-02Z')`,
    [newId(), customer.id],
  );
  const last4 = String(1_000 + word.charCodeAt(0));
  const paymentId = await aPayment(app, { bookingId, last4 });
  await aReceipt(app, paymentId);
  await aRefund(app, { paymentId, reason: `${word} was unhappy` });
  const secrets = [
    name,
    number,
    contact.email,
    `${word} is allergic`,
    `${word} tips well`,
    `${word} wrote this`,
    `${word} was unhappy`,
    `"last4":"${last4}"`,
    `•••• ${last4}`,
    String(reference),
    String(manageToken),
  ];
  const ids = { customerId: customer.id, bookingId, resourceId, messageId, timeOffId, paymentId, reference };
  return { ...ids, email: contact.email, manageToken, secrets, isErased: false };
}

async function aCalendarConflict(app: TestApp, bookingId: string) {
  const [connectionId, calendarId, conflictId] = [newId(), newId(), newId()];
  await app.sql(`insert into calendar_connection (id, source, state) values ($1, 'environment', 'broken')`, [
    connectionId,
  ]);
  await app.sql(`insert into calendar (id, connection_id, google_id) values ($1, $2, 'salon')`, [
    calendarId,
    connectionId,
  ]);
  await app.sql(
    `insert into calendar_conflict (id, booking_id, calendar_id, kind, created_at) values ($1, $2, $3, 'deleted', app_now())`,
    [conflictId, bookingId, calendarId],
  );
  return { connectionId, calendarId, conflictId };
}

/** An access token of a session that was opened past the app, as signing in would. */
export async function aSession(
  app: TestApp,
  whose: { kind: 'customer'; customerId: string } | { kind: 'staff'; accountId: string },
  state: 'open' | 'revoked' | 'over' = 'open',
): Promise<string> {
  const sid = newId();
  const [customerId, accountId] =
    whose.kind === 'customer' ? [whose.customerId, null] : [null, whose.accountId];
  await app.sql(
    `insert into session (id, kind, customer_id, account_id, expires_at, revoked_at)
     values ($1, $2, $3, $4, now() + $5::interval, case when $6 then now() end)`,
    [sid, whose.kind, customerId, accountId, state === 'over' ? '-1 second' : '1 hour', state === 'revoked'],
  );
  return app.get(AccessTokens).mint({ kind: whose.kind, sub: customerId ?? accountId ?? '', sid });
}

async function guestToken(app: TestApp, link: string): Promise<string> {
  const answer = await app.as().post('/api/manage/session', { token: link });
  if (answer.status !== 200) throw new Error(`the link did not open: ${answer.text}`);
  return answer.body.accessToken;
}

async function theWelcome(app: TestApp, ada: Person, ben: Person): Promise<Actor[]> {
  const staff = async (
    name: string,
    role: 'staff' | 'reception' | 'manager',
    resourceId: string | null,
  ): Promise<Actor> => {
    const { token } = await aStaffAccount(app, { role, resourceId });
    return { name, token, kind: role, own: resourceId };
  };
  const customer = async (name: string, { customerId }: Person): Promise<Actor> => {
    return {
      name,
      token: await aSession(app, { kind: 'customer', customerId }),
      kind: 'customer',
      own: customerId,
    };
  };
  return [
    { name: 'nobody', token: null, kind: null, own: null },
    {
      name: 'the guest of the booking',
      token: await guestToken(app, ada.manageToken),
      kind: 'guest',
      own: ada.bookingId,
    },
    {
      name: 'the guest of another booking',
      token: await guestToken(app, ben.manageToken),
      kind: 'guest',
      own: ben.bookingId,
    },
    await customer('the customer', ada),
    await customer('another customer', ben),
    await staff('the person who does it', 'staff', ada.resourceId),
    await staff('a colleague', 'staff', ben.resourceId),
    await staff('staff without a calendar', 'staff', null),
    await staff('reception', 'reception', null),
    await staff('a manager', 'manager', null),
    { name: 'the owner', token: await theOwner(app), kind: 'owner', own: null },
  ];
}

/** Everybody whose token was good once, or never. */
async function theRefused(app: TestApp, ada: Person, eve: Person): Promise<Actor[]> {
  const { id: accountId } = await aStaffAccount(app, { role: 'manager' });
  const { id: disabled } = await aStaffAccount(app, { role: 'manager' });
  const link = await aManageLink(app, ada);
  const ended = await guestToken(app, link);
  await app.sql(
    "update manage_link set revoked_at = now() where token_hash = encode(sha256($1::text::bytea), 'hex')",
    [link],
  );
  const login = await app.as().post('/api/auth/login', { email: OWNER_EMAIL, password: OWNER_PASSWORD });
  const { header, claims } = partsOf(String(login.body.accessToken));
  const past = { iat: Number(claims['iat']) - 3_600, exp: Number(claims['iat']) - 3_000 };
  const tokens: Record<string, string> = {
    'a revoked session': await aSession(app, { kind: 'staff', accountId }, 'revoked'),
    'a session that is over': await aSession(app, { kind: 'customer', customerId: ada.customerId }, 'over'),
    'an expired token': signed(
      { header, claims: { ...claims, ...past } },
      app.get(SigningKeys).current.privateKey,
    ),
    'an account that was disabled': await aSession(app, { kind: 'staff', accountId: disabled }),
    'a customer who was erased': await aSession(app, { kind: 'customer', customerId: eve.customerId }),
    'a guest whose link was revoked': ended,
    'the guest of a booking whose customer was erased': await guestToken(app, eve.manageToken),
    'a token nobody signed': await app
      .get(JwtService)
      .signAsync({ sub: accountId }, { secret: 'guess', algorithm: 'HS256' }),
    'a refresh token': String(login.body.refreshToken),
    'a manage link': ada.manageToken,
  };
  await app.sql('update account set disabled_at = now() where id = $1', [disabled]);
  return Object.entries(tokens).map(([name, token]) => ({ name, token, kind: false, own: null }));
}
