import assert from 'node:assert/strict';
import { theCalendar } from './calendar.js';
import { moneyMoves } from './money.js';
import { caraLooksAfterHerself } from './portal.js';
import { startInstance } from './salon-instance.js';
import { Story } from './story.js';

/* npm run demo: a day in the life of a salon, over HTTP, on a fresh instance. Every step is asserted. */

const ADA = { name: 'Ada', phone: '+15550100001', email: 'ada@example.com' };
const BEN = { name: 'Ben', phone: '+15550100002', email: 'ben@example.com' };
const TUESDAY = '2030-03-05';
const WEDNESDAY = '2030-03-06';

const began = Date.now();
console.log('Starting a fresh Lawrei: its own database, its own sandbox …');
const instance = await startInstance();
const story = new Story(instance.url);
try {
  await tellAll(story);
  console.log(`\nEverything happened as told, in ${Math.round((Date.now() - began) / 1000)} s.`);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : 'unknown'}`);
  process.exitCode = 1;
} finally {
  await instance.stop();
}

async function tellAll(on: Story): Promise<void> {
  const owner = await signIn(on);
  const salon = await openSalon(on, owner);
  const ada = await adaBooks(on, salon);
  await benIsLate(on, salon);
  await theReminder(on);
  await adaMoves(on, owner, ada);
  await adaCancels(on, owner, ada);
  await theDay(on, owner);
  await theCalendar(on, owner, salon.serviceId);
  await moneyMoves(on, owner);
  await caraLooksAfterHerself(on);
}

async function signIn(on: Story): Promise<string> {
  on.tell('It is Friday, March 1, 2030, nine in the morning in New York. Olivia, the owner, signs in.');
  await on.clock('2030-03-01T14:00:00Z');
  const { body } = await on.ask('POST', '/api/auth/login', 200, { body: instance.owner });
  assert.equal(body.account.role, 'owner');
  on.show(`signed in as ${body.account.role}`);
  return body.accessToken;
}

async function openSalon(on: Story, owner: string) {
  on.tell('She sets the opening hours, hires Grace, and offers a haircut of an hour.');
  const week = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, intervals: [{ from: '09:00', to: '18:00' }] }));
  await on.ask('PUT', '/admin/business-hours', 200, { token: owner, body: { week } });
  const grace = await on.ask('POST', '/admin/staff', 201, {
    token: owner,
    body: { name: 'Grace', email: 'grace@lawrei.example' },
  });
  const haircut = await on.ask('POST', '/admin/services', 201, {
    token: owner,
    body: {
      name: 'Haircut',
      durationMinutes: 60,
      price: { amount: 8500, currency: 'USD' },
      paymentPolicy: 'none',
      staffIds: [grace.body.id],
    },
  });
  const services = await on.ask('GET', '/api/services', 200);
  assert.equal(services.body.data.length, 1);
  const slots = await on.ask(
    'GET',
    `/api/slots?serviceId=${haircut.body.id}&from=${TUESDAY}&to=${TUESDAY}`,
    200,
  );
  assert.equal(slots.body.days[0].slots.length, 17);
  assert.equal(slots.body.days[0].slots.at(-1).start, `${TUESDAY}T17:00:00-05:00`);
  on.show('Tuesday has 17 starts, from 09:00 to 17:00: the last haircut ends at closing time.');
  return { serviceId: haircut.body.id as string };
}

async function adaBooks(on: Story, { serviceId }: { serviceId: string }) {
  on.tell('Ada, who has no account, books Tuesday at ten.');
  const body = { serviceId, start: `${TUESDAY}T10:00:00-05:00`, customer: ADA };
  const booking = await on.ask('POST', '/api/bookings', 201, { body });
  assert.equal(booking.body.status, 'confirmed');
  on.show(`booking ${booking.body.reference} is confirmed with ${booking.body.staff.name}`);
  const texts = await on.texts(ADA.phone, 2);
  assert.ok(
    texts.includes(
      'Hi Ada! Your appointment for Haircut is confirmed for Tuesday, March 5 at 10:00 AM. See you soon! - Lawrei Beauty',
    ),
    `no confirmation among: ${texts.join(' | ')}`,
  );
  return booking.body as { id: string; manageToken: string };
}

async function benIsLate(on: Story, { serviceId }: { serviceId: string }): Promise<void> {
  on.tell('Ben wants the same hour. It is taken; he is offered the nearest ones, and takes one.');
  const wish = { serviceId, start: `${TUESDAY}T10:00:00-05:00`, customer: BEN };
  const refused = await on.ask('POST', '/api/bookings', 409, { body: wish });
  assert.equal(refused.body.code, 'slot-unavailable');
  assert.equal(refused.body.alternatives.length, 3);
  on.show(
    `offered instead: ${refused.body.alternatives.map((slot: { start: string }) => slot.start).join(', ')}`,
  );
  const start: string = refused.body.alternatives[0].start;
  const booked = await on.ask('POST', '/api/bookings', 201, { body: { ...wish, start } });
  assert.equal(booked.body.start, start);
  await on.texts(BEN.phone, 2);
}

async function theReminder(on: Story): Promise<void> {
  on.tell('Three days pass. On Monday at ten, the same hour the day before, Ada is reminded.');
  await on.clock('2030-03-04T14:59:00Z');
  const { body } = await on.ask('GET', '/sandbox', 200);
  assert.equal(
    body.sms.filter((sms: { to: string }) => sms.to === ADA.phone).length,
    2,
    'reminded too early',
  );
  await on.clock('2030-03-04T15:00:01Z');
  const texts = await on.texts(ADA.phone, 3);
  assert.equal(
    texts.at(-1),
    'Reminder: Your Haircut appointment is tomorrow at 10:00 AM. Please arrive 10 minutes early. - Lawrei Beauty',
  );
}

async function adaMoves(
  on: Story,
  owner: string,
  booking: { id: string; manageToken: string },
): Promise<void> {
  on.tell('Something came up: Ada opens her link and moves the appointment to Wednesday at two.');
  const session = await on.ask('POST', '/api/manage/session', 200, { body: { token: booking.manageToken } });
  const moved = await on.ask('PUT', `/api/bookings/${booking.id}/reschedule`, 200, {
    token: session.body.accessToken,
    body: { start: `${WEDNESDAY}T14:00:00-05:00` },
  });
  assert.equal(moved.body.id, booking.id);
  assert.equal(moved.body.revision, 2);
  const texts = await on.texts(ADA.phone, 4);
  assert.match(texts.at(-1) ?? '', /Wednesday, March 6 at 2:00 PM/);
  const seen = await on.ask('GET', `/admin/bookings/${booking.id}`, 200, { token: owner });
  assert.deepEqual(
    seen.body.history.map((line: { type: string }) => line.type),
    ['confirmed', 'rescheduled'],
  );
}

async function adaCancels(on: Story, owner: string, booking: { id: string }): Promise<void> {
  on.tell('She falls ill. Online it is too late by her deal, so she calls, and the salon cancels for her.');
  const cancelled = await on.ask('POST', `/admin/bookings/${booking.id}/cancel`, 200, {
    token: owner,
    body: { reason: 'ill', onBehalfOf: 'customer' },
  });
  assert.equal(cancelled.body.booking.status, 'cancelled');
  const texts = await on.texts(ADA.phone, 5);
  assert.match(texts.at(-1) ?? '', /cancel/i);
}

async function theDay(on: Story, owner: string): Promise<void> {
  on.tell('Olivia looks at the two days.');
  const { body } = await on.ask('GET', `/admin/bookings?from=${TUESDAY}&to=${WEDNESDAY}`, 200, {
    token: owner,
  });
  for (const row of body.data)
    on.show(`${row.start}  ${row.service.name} with ${row.staff.name}: ${row.status}`);
  assert.deepEqual(
    body.data.map((row: { status: string }) => row.status),
    ['confirmed', 'cancelled'],
  );
  const status = await on.ask('GET', '/admin/services/status', 200, { token: owner });
  assert.equal(status.body.services.sms.state, 'up');
  assert.equal(status.body.services.sms.queueDepth >= 0, true);
  const log = await on.ask('GET', '/admin/messages?limit=100', 200, { token: owner });
  const failed = log.body.data.filter((message: { state: string }) => message.state === 'failed');
  assert.deepEqual(failed, []);
  on.show(`${log.body.data.length} messages in the log, none failed`);
}
