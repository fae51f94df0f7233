import { SESSION_ACTOR } from '../../src/auth/auth.sql.js';
import {
  BOOKED_JUST_NOW,
  OPEN_OF_CONTACT,
  OPEN_OF_CUSTOMER,
} from '../../src/bookings/booking-creation.sql.js';
import { EXPIRED_HOLDS, UNMARKED } from '../../src/bookings/booking-sweep.sql.js';
import { OWN_STANDING } from '../../src/bookings/own-bookings.sql.js';
import { PUBLIC, WORKER, type Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { CONSENT_LATEST, OPT_OUT_FIND } from '../../src/customers/customers.sql.js';
import { Database } from '../../src/database/database.service.js';
import { run, type Statement } from '../../src/database/statement.js';
import { IDEMPOTENCY_CLAIM } from '../../src/http/http.sql.js';
import { MESSAGE_BEGIN, SPEND_COUNTS } from '../../src/messaging/messaging.sql.js';
import { OUTBOX_CLAIM, OUTBOX_HINT, OUTBOX_NEXT_DUE, OUTBOX_TAKE_BACK } from '../../src/outbox/outbox.sql.js';
import { PAYMENTS_LATEST } from '../../src/payments/payments.sql.js';
import { PORTAL_ACTIVITY } from '../../src/portal/portal.sql.js';
import { BUSY } from '../../src/scheduling/busy.sql.js';
import { aCustomerActor, aService, aStaffMember } from '../support/factories.js';
import { fillSalon } from '../support/full-salon.js';
import { TestApp } from '../support/test-app.js';

/** Tables that grow for as long as the salon lives. */
const GROWING = [
  ...['booking', 'allocation', 'booking_event', 'message', 'message_attempt', 'payment', 'refund', 'receipt'],
  ...['outbox_message', 'customer', 'consent', 'session', 'idempotency_key', 'opt_out', 'manage_link'],
];

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Node[];
}

/** Tables that a plan reads from their first row to their last. */
function readWhole(node: Node): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [];
  return [...own, ...(node.Plans ?? []).flatMap(readWhole)];
}

describe('with sixty thousand bookings', () => {
  let app: TestApp;
  const id = newId();
  let staff: string[];
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    staff = [await aStaffMember(app), await aStaffMember(app), await aStaffMember(app)];
    await fillSalon(app, { bookings: 60_000, serviceId: await aService(app), staff });
  }, 120_000);
  afterAll(() => app.stop());

  const planOf = (actor: Actor, { name, text }: Statement, values: readonly unknown[]) =>
    app.get(Database).transact(actor, async (em) => {
      const explained = { name: `plan-of-${name}`, text: `explain (format json, costs off) ${text}` };
      const [row] = await run<{ 'QUERY PLAN': { Plan: Node }[] }>(em, explained, values);
      return row?.['QUERY PLAN'][0]?.Plan;
    });

  const lanes = JSON.stringify([{ lane: 'usual', room: 20 }]);
  const handlers = ['message.send', 'messaging.plan'];
  const customer = aCustomerActor(id);
  const begin = [
    id,
    'confirmed',
    1,
    'reminder_sms',
    true,
    true,
    'UTC',
    '08:00',
    '21:00',
    'x',
    'x',
    1,
    null,
    id,
  ];

  it.each<[string, Actor, Statement, () => readonly unknown[]]>([
    ['free slots', PUBLIC, BUSY, () => [staff, 31_000_000, 31_050_000, null]],
    ['who is asking', PUBLIC, SESSION_ACTOR, () => [id]],
    ['what a guest has open', WORKER, OPEN_OF_CONTACT, () => ['+14155550100', 'ada@example.com']],
    ['what a customer has open', customer, OPEN_OF_CUSTOMER, () => [id]],
    ['what was booked just now', customer, BOOKED_JUST_NOW, () => [id, id, new Date()]],
    ['the same request again', PUBLIC, IDEMPOTENCY_CLAIM, () => ['scope', 'key']],
    ['what is to be done', WORKER, OUTBOX_CLAIM, () => [lanes, id, 60_000, handlers, 0, 1]],
    ['what is to be handed out', WORKER, OUTBOX_HINT, () => [20, handlers, ['usual', 'messages']]],
    ['when there is something to do', WORKER, OUTBOX_NEXT_DUE, () => []],
    ['whose claimer is gone', WORKER, OUTBOX_TAKE_BACK, () => ['{}']],
    ['the begin of a message', WORKER, MESSAGE_BEGIN, () => begin],
    ['what was spent on texts', WORKER, SPEND_COUNTS, () => [1_000, 'hash']],
    ['holds that ran out', WORKER, EXPIRED_HOLDS, () => [100]],
    ['visits nobody marked', WORKER, UNMARKED, () => [100]],
    ['a customer’s standing', customer, OWN_STANDING, () => [id, null]],
    ['a customer’s payments', customer, PAYMENTS_LATEST, () => [id, null, 20]],
    ['what happened lately', customer, PORTAL_ACTIVITY, () => [id, null, 20]],
    ['what somebody agreed to', WORKER, CONSENT_LATEST, () => [id]],
    ['who said STOP', WORKER, OPT_OUT_FIND, () => ['sms', 'hash']],
  ])('%s reads no growing table whole', async (_, actor, statement, values) => {
    const plan = await planOf(actor, statement, values());
    expect(plan).toBeDefined();
    expect(plan && readWhole(plan).filter((table) => GROWING.includes(table))).toEqual([]);
  });

  it('a plan that does read one whole is told', async () => {
    const whole = { name: 'whole', text: 'select count(*) from booking where notes is not null' };
    const plan = await planOf(WORKER, whole, []);
    expect(plan && readWhole(plan)).toEqual(['booking']);
  });
});
