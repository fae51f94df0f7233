import assert from 'node:assert/strict';
import type { Story } from './story.js';

/* The part of the demo in which a customer looks after herself: signs in by code, sees, moves, is refused, and withdraws. */

const CARA = { phone: '+15550100003' };
const [WEDNESDAY_AT_TEN, THURSDAY_AT_NOON] = ['2030-03-06T10:00:00-05:00', '2030-03-07T12:00:00-05:00'];

interface Cara {
  id: string;
  token: string;
}

export async function caraLooksAfterHerself(on: Story): Promise<void> {
  const cara = await signsIn(on);
  await seesWhatWas(on, cara);
  const bookingId = await books(on, cara);
  await isTooLateToCancel(on, cara, bookingId);
  await movesInstead(on, cara, bookingId);
  await withdraws(on, cara);
  await takesHerData(on, cara);
}

async function codeFor(on: Story, phone: string): Promise<string> {
  let code = '';
  await on.until('the code has come', async () => {
    const { body } = await on.ask('GET', '/sandbox', 200);
    const text = body.sms.findLast(
      (sms: { to: string; body: string }) => sms.to === phone && / is your code/.test(sms.body),
    );
    code = /^\d{6}/.exec(text?.body ?? '')?.[0] ?? '';
    return code !== '';
  });
  return code;
}

async function signsIn(on: Story): Promise<Cara> {
  on.tell('Cara signs in: no password, a code to the phone she booked with. Her earlier booking is there.');
  const body = { channel: 'sms', to: CARA.phone };
  const asked = await on.ask('POST', '/api/auth/code', 202, { body });
  const code = await codeFor(on, CARA.phone);
  const wrong = code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  const { challengeId } = asked.body;
  await on.ask('POST', '/api/auth/code/verify', 401, { body: { challengeId, code: wrong } });
  const granted = await on.ask('POST', '/api/auth/code/verify', 200, { body: { challengeId, code } });
  on.show('a wrong code opens nothing; the right one, once');
  await on.ask('POST', '/api/auth/code/verify', 401, { body: { challengeId, code } });
  return { id: granted.body.customer.id, token: granted.body.accessToken };
}

async function seesWhatWas(on: Story, { id, token }: Cara): Promise<void> {
  on.tell('She reads her history, with what was paid and what went back, and the receipt.');
  const history = await on.ask('GET', `/api/customer-portal/${id}/history`, 200, { token });
  const [colour] = history.body.data;
  assert.deepEqual([colour.status, colour.paymentStatus], ['cancelled', 'refunded']);
  const [payment] = colour.payments;
  assert.equal(payment.refunds[0].status, 'succeeded');
  const receipt = await on.ask('GET', `/api/payments/${payment.id}/receipt`, 200, { token });
  on.show(
    `${colour.service.name}, ${colour.status}; receipt ${receipt.body.number}: $${payment.amount.amount / 100}, back: $${payment.refunded.amount / 100}`,
  );
}

async function books(on: Story, { id, token }: Cara): Promise<string> {
  on.tell(
    'She books a haircut for Wednesday at ten, as herself. The portal says what she may do about it, and until when.',
  );
  const services = await on.ask('GET', '/api/services', 200);
  const haircut = services.body.data.find((service: { name: string }) => service.name === 'Haircut');
  const wish = { serviceId: haircut.id, start: WEDNESDAY_AT_TEN };
  const booked = await on.ask('POST', '/api/bookings', 201, { token, body: wish });
  const { body } = await on.ask('GET', `/api/customer-portal/${id}/upcoming`, 200, { token });
  const [next] = body.data;
  assert.equal(next.id, booked.body.id);
  assert.deepEqual([next.actions.cancel.allowed, next.actions.reschedule.allowed], [true, true]);
  on.show(`cancel until ${next.actions.cancel.until}, move until ${next.actions.reschedule.until}`);
  return next.id;
}

async function isTooLateToCancel(on: Story, { id, token }: Cara, bookingId: string): Promise<void> {
  on.tell(
    'On Tuesday at eleven she wants to cancel. It is less than 24 hours: she is told why, and whom to call.',
  );
  await on.clock('2030-03-05T16:00:00Z');
  const refused = await on.ask('POST', `/api/customer-portal/${id}/cancel/${bookingId}`, 409, {
    token,
    body: {},
  });
  assert.equal(refused.body.code, 'cancellation-window-closed');
  assert.equal(refused.body.contact.name, 'Lawrei Beauty');
  on.show(`“${refused.body.detail}” (closed at ${refused.body.closedAt})`);
}

async function movesInstead(on: Story, { id, token }: Cara, bookingId: string): Promise<void> {
  on.tell(
    'Moving is possible until two hours before: she takes Thursday at noon. An hour before that, it is too late.',
  );
  const path = `/api/customer-portal/${id}/reschedule/${bookingId}`;
  const moved = await on.ask('PUT', path, 200, { token, body: { start: THURSDAY_AT_NOON } });
  assert.deepEqual([moved.body.id, moved.body.start], [bookingId, THURSDAY_AT_NOON]);
  await on.clock('2030-03-07T16:00:00Z');
  const late = await on.ask('PUT', path, 409, { token, body: { start: '2030-03-08T09:00:00-05:00' } });
  assert.equal(late.body.code, 'reschedule-window-closed');
  on.show(`“${late.body.detail}”`);
}

async function withdraws(on: Story, { id, token }: Cara): Promise<void> {
  on.tell('She does not want reminders by text any more, and says so.');
  const path = `/api/customer-portal/${id}/consents`;
  const { body } = await on.ask('PUT', path, 200, { token, body: { reminder_sms: false } });
  const said = body.data.find((consent: { purpose: string }) => consent.purpose === 'reminder_sms');
  assert.equal(said.granted, false);
  on.show(`“${said.text}”: withdrawn`);
}

async function takesHerData(on: Story, { id, token }: Cara): Promise<void> {
  on.tell(
    'At last she asks for everything the salon holds about her; her code is minutes old, so she need not prove herself again.',
  );
  const { body } = await on.ask('POST', `/api/customer-portal/${id}/export`, 200, { token });
  const tables = Object.values(body.sections).flatMap((section) => Object.entries(section as object));
  for (const [table, rows] of tables) on.show(`${table}: ${rows.length}`);
  assert.ok(tables.some(([table, rows]) => table === 'message' && rows.length > 5));
}
