import assert from 'node:assert/strict';
import type { Story } from './story.js';

/* The part of the demo in which money moves: paid and confirmed, cancelled and refunded, too late and given back. */

const CARA = { name: 'Cara', phone: '+15550100003', email: 'cara@example.com' };
const DAN = { name: 'Dan', phone: '+15550100004', email: 'dan@example.com' };
const EVE = { name: 'Eve', phone: '+15550100005', email: 'eve@example.com' };
const [THURSDAY_AT_ELEVEN, FRIDAY_AT_THREE] = ['2030-03-07T11:00:00-05:00', '2030-03-08T15:00:00-05:00'];
const PRICE = { amount: 12_000, currency: 'USD' };

interface Booked {
  id: string;
  token: string;
}

export async function moneyMoves(on: Story, owner: string): Promise<void> {
  const colour = await aPaidService(on, owner);
  const cara = await caraPays(on, colour);
  await caraCancels(on, owner, cara);
  await danPaysLate(on, owner, colour);
  await theBooks(on, owner);
}

async function aPaidService(on: Story, owner: string): Promise<string> {
  on.tell('Olivia adds a colouring that has to be paid in full before it is confirmed.');
  const staff = await on.ask('GET', '/api/staff', 200);
  const body = {
    name: 'Colour',
    durationMinutes: 90,
    price: PRICE,
    paymentPolicy: 'full',
    staffIds: [staff.body.data[0].id],
  };
  const made = await on.ask('POST', '/admin/services', 201, { token: owner, body });
  return made.body.id;
}

async function book(on: Story, serviceId: string, start: string, customer: object): Promise<Booked> {
  const made = await on.ask('POST', '/api/bookings', 201, { body: { serviceId, start, customer } });
  assert.equal(made.body.status, 'held');
  assert.deepEqual(made.body.amountDue, PRICE);
  on.show(`booking ${made.body.reference} is held until ${made.body.holdExpiresAt}; due: $120.00`);
  const session = await on.ask('POST', '/api/manage/session', 200, {
    body: { token: made.body.manageToken },
  });
  return { id: made.body.id, token: session.body.accessToken };
}

async function caraPays(on: Story, serviceId: string): Promise<Booked> {
  on.tell('Cara books Thursday at eleven and pays by card. The money confirms it; two texts come in order.');
  const cara = await book(on, serviceId, THURSDAY_AT_ELEVEN, CARA);
  const payment = await on.ask('POST', `/api/bookings/${cara.id}/payment`, 201, { token: cara.token });
  assert.deepEqual(payment.body.amount, PRICE);
  await on.ask('POST', '/sandbox/stripe/pay', 200, { body: { bookingId: cara.id } });
  const texts = await on.texts(CARA.phone, 3);
  const [confirmed, paid] = [/is confirmed for Thursday/, /^Payment confirmed! .* Amount: \$120\.00\./].map(
    (words) => texts.findIndex((text) => words.test(text)),
  );
  assert.ok(confirmed === 0 && (paid ?? -1) > 0, `not in order: ${texts.join(' | ')}`);
  const seen = await on.ask('GET', `/api/bookings/${cara.id}`, 200, { token: cara.token });
  assert.equal(seen.body.paymentStatus, 'paid');
  return cara;
}

async function caraCancels(on: Story, owner: string, cara: Booked): Promise<void> {
  on.tell('She changes her mind, more than a day before: everything goes back to her card.');
  const cancelled = await on.ask('POST', `/api/bookings/${cara.id}/cancel`, 200, {
    token: cara.token,
    body: {},
  });
  assert.deepEqual(cancelled.body.refund, { amount: PRICE, status: 'requested' });
  await on.texts(CARA.phone, 4);
  await on.until('the refund has gone through', async () => {
    const { body } = await on.ask('GET', `/admin/bookings/${cara.id}`, 200, { token: owner });
    return body.paymentStatus === 'refunded';
  });
  await on.until('Stripe has given it back', async () => {
    const { body } = await on.ask('GET', '/sandbox', 200);
    return body.payments.some(
      (payment: { refunded: number; bookingId: string }) =>
        payment.bookingId === cara.id && payment.refunded === PRICE.amount,
    );
  });
}

async function danPaysLate(on: Story, owner: string, serviceId: string): Promise<void> {
  on.tell('Dan pays by bank transfer, and his bank is slow: his hold runs out, and Eve takes the time.');
  const dan = await book(on, serviceId, FRIDAY_AT_THREE, DAN);
  await on.ask('POST', `/api/bookings/${dan.id}/payment`, 201, { token: dan.token });
  await on.ask('POST', '/sandbox/stripe/pay', 200, {
    body: { bookingId: dan.id, paymentMethod: 'pm_usBankAccount' },
  });
  await on.until('the bank is at work', async () => {
    const { body } = await on.ask('GET', `/admin/bookings/${dan.id}`, 200, { token: owner });
    return body.paymentStatus === 'processing';
  });
  const { body: sandbox } = await on.ask('GET', '/sandbox', 200);
  await on.clock(new Date(Date.parse(sandbox.now) + 11 * 60_000).toISOString());
  await on.until('the hold has run out', async () => {
    const { body } = await on.ask('GET', `/admin/bookings/${dan.id}`, 200, { token: owner });
    return body.status === 'expired';
  });
  await book(on, serviceId, FRIDAY_AT_THREE, EVE);
  on.tell('Then his money arrives after all. It goes back at once, with other times to choose from.');
  await on.ask('POST', '/sandbox/stripe/settle', 200, { body: { bookingId: dan.id, outcome: 'success' } });
  const [text] = await on.texts(DAN.phone, 1);
  assert.match(text ?? '', /\$120\.00/);
  await on.until('the refund has gone through', async () => {
    const { body } = await on.ask('GET', `/admin/bookings/${dan.id}`, 200, { token: owner });
    return body.paymentStatus === 'refunded' && body.status === 'expired';
  });
}

async function theBooks(on: Story, owner: string): Promise<void> {
  on.tell('Olivia looks at the money.');
  const { body } = await on.ask('GET', '/admin/payments', 200, { token: owner });
  for (const row of body.data)
    on.show(
      `${row.status}, receipt ${row.receiptNumber ?? '–'}: $${row.amount.amount / 100}, back: $${row.refunded.amount / 100}`,
    );
  const succeeded = body.data.filter((row: { status: string }) => row.status === 'succeeded');
  assert.equal(succeeded.length, 2);
  assert.deepEqual(succeeded.map((row: { receiptNumber: number }) => row.receiptNumber).toSorted(), [1, 2]);
  const status = await on.ask('GET', '/admin/services/status', 200, { token: owner });
  assert.equal(status.body.services.payments.state, 'up');
}
