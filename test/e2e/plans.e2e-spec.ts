import pg from 'pg';
import { SUM_OF_DAYS } from '../../src/analytics/report-days.sql.js';
import { SESSION_ACTOR } from '../../src/auth/auth.sql.js';
import {
  BOOKED_JUST_NOW,
  OPEN_OF_CONTACT,
  OPEN_OF_CUSTOMER,
} from '../../src/bookings/booking-creation.sql.js';
import { EXPIRED_HOLDS, UNMARKED } from '../../src/bookings/booking-sweep.sql.js';
import { OWN_STANDING, OWN_UPCOMING } from '../../src/bookings/own-bookings.sql.js';
import { PUBLIC, WORKER, type Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import { CONSENT_LATEST, CUSTOMER_IN_PORTAL, OPT_OUT_FIND } from '../../src/customers/customers.sql.js';
import { eachDate } from '../../src/common/time/local-date.js';
import { dayBounds } from '../../src/common/time/zoned-time.js';
import { Database } from '../../src/database/database.service.js';
import { run, type Statement } from '../../src/database/statement.js';
import { IDEMPOTENCY_CLAIM } from '../../src/http/http.sql.js';
import {
  MESSAGE_TARGET,
  SUBJECT_BOOKER,
  SUBJECT_BOOKING,
  SUBJECT_CUSTOMER,
} from '../../src/messaging/message-facts.sql.js';
import {
  MESSAGE_ACCEPTED,
  MESSAGE_BEGIN,
  MESSAGE_LINK,
  MESSAGE_REPORTED,
  SPEND_COUNTS,
} from '../../src/messaging/messaging.sql.js';
import {
  PLANNED_BOOKING,
  PLANNED_CUSTOMER,
  PLANNED_MESSAGE,
  PLANNED_STANDING,
  PLANNED_WORDINGS,
} from '../../src/messaging/plain-begin.sql.js';
import { OUTBOX_CLAIM, OUTBOX_HINT, OUTBOX_NEXT_DUE, OUTBOX_TAKE_BACK } from '../../src/outbox/outbox.sql.js';
import { OWN_PAYMENTS } from '../../src/payments/payments.sql.js';
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

/** More rows than anybody asks for at once, and a small part of what one person has behind them. */
const MOST_ROWS = 100;

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Plan Rows': number;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  Plans?: Node[];
}

/** Tables that a plan reads from their first row to their last. */
function readWhole(node: Node): string[] {
  const own = node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : [];
  return [...own, ...(node.Plans ?? []).flatMap(readWhole)];
}

/** How many rows of growing tables a plan reads: touched, those it threw away included, and expected, on which its choice depends. */
function rowsOf(node: Node): { touched: number; expected: number } {
  const rows = { touched: 0, expected: 0 };
  if (GROWING.includes(node['Relation Name'] ?? '')) {
    rows.touched = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
    rows.expected = node['Plan Rows'];
  }
  for (const { touched, expected } of (node.Plans ?? []).map(rowsOf)) {
    rows.touched += touched;
    rows.expected += expected;
  }
  return rows;
}

/** How many rows a plan reads, and pairs of rows it compares. */
function comparedIn(node: Node): number {
  const thrownAway = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0);
  const own = (node['Actual Rows'] + thrownAway) * node['Actual Loops'];
  return own + (node.Plans ?? []).reduce((sum, below) => sum + comparedIn(below), 0);
}

/** As SQL would say it: the arguments of EXECUTE are no parameters. */
function literal(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.join(',')}}`);
  return pg.escapeLiteral(
    value instanceof Date ? value.toISOString() : `${value as string | number | boolean}`,
  );
}

const ROLLED_BACK = new Error('whatever it changed is undone');

describe('with sixty thousand bookings', () => {
  let app: TestApp;
  const id = newId();
  let staff: string[];
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    staff = await Promise.all(Array.from({ length: 12 }, () => aStaffMember(app)));
    await fillSalon(app, { bookings: 60_000, serviceId: await aService(app), staff });
  }, 120_000);
  afterAll(() => app.stop());

  /** What it did when it was planned for these values, and when it was planned once for whatever may come, as a pool's connections do. */
  const planOf = async (
    actor: Actor,
    { name, text }: Statement,
    values: readonly unknown[],
    mode: 'force_custom_plan' | 'force_generic_plan',
  ): Promise<Node> => {
    let plan: Node | undefined;
    const explaining = app.get(Database).transact(actor, async (em) => {
      await em.execute(`set local plan_cache_mode = ${mode}`);
      await run(em, { name: `plan-of-${name}`, text }, values);
      const [row] = await em.execute<{ 'QUERY PLAN': { Plan: Node }[] }[]>(
        `explain (analyze, format json) execute "plan-of-${name}"${values.length > 0 ? `(${values.map(literal).join(', ')})` : ''}`,
      );
      plan = row?.['QUERY PLAN'][0]?.Plan;
      throw ROLLED_BACK;
    });
    await expect(explaining).rejects.toBe(ROLLED_BACK);
    if (!plan) throw new Error(`${name} has no plan`);
    return plan;
  };

  const lanes = JSON.stringify([{ lane: 'usual', room: 20 }]);
  const handlers = ['message.send', 'messaging.plan'];
  const customer = aCustomerActor(id);
  const moved = [id, 'SM1', 'sent', ['accepted'], true, false];
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
    1,
    id,
    20,
  ];

  it.each<[string, Actor, Statement, () => readonly unknown[]]>([
    ['free slots', PUBLIC, BUSY, () => [staff.slice(0, 1), 30_600_000, 30_601_440, null]],
    ['who is asking', PUBLIC, SESSION_ACTOR, () => [id]],
    ['what a guest has open', WORKER, OPEN_OF_CONTACT, () => ['+14155550100', 'ada@example.com']],
    ['what a customer has open', customer, OPEN_OF_CUSTOMER, () => [id]],
    ['what was booked just now', customer, BOOKED_JUST_NOW, () => [id, id, new Date()]],
    ['the same request again', PUBLIC, IDEMPOTENCY_CLAIM, () => ['scope', 'key']],
    ['what is to be done', WORKER, OUTBOX_CLAIM, () => [lanes, id, 60_000, handlers, 0, 1]],
    ['what is to be handed out', WORKER, OUTBOX_HINT, () => [20, handlers, ['usual', 'messages']]],
    ['when there is something to do', WORKER, OUTBOX_NEXT_DUE, () => []],
    ['whose claimer is gone', WORKER, OUTBOX_TAKE_BACK, () => []],
    ['what a message has to lock', WORKER, MESSAGE_TARGET, () => [id]],
    ['the booking a message speaks of', WORKER, SUBJECT_BOOKING, () => [id]],
    ['whose booking a message speaks of', WORKER, SUBJECT_BOOKER, () => [id]],
    ['whom a message speaks to', WORKER, SUBJECT_CUSTOMER, () => [id]],
    ['a message that is to begin', WORKER, PLANNED_MESSAGE, () => [id]],
    ['its booking', WORKER, PLANNED_BOOKING, () => [id]],
    ['its customer', WORKER, PLANNED_CUSTOMER, () => [id]],
    ['how its recipient stands', WORKER, PLANNED_STANDING, () => [id, null]],
    ['its wordings', WORKER, PLANNED_WORDINGS, () => [id]],
    ['the begin of a message', WORKER, MESSAGE_BEGIN, () => begin],
    ['a message that was taken', WORKER, MESSAGE_ACCEPTED, () => [...moved, id, id, 1]],
    ['a report on a message', WORKER, MESSAGE_REPORTED, () => [...moved, newId(), 'twilio', 'SM1:sent:']],
    [
      'which message goes first',
      WORKER,
      MESSAGE_LINK,
      () => [
        [id, newId()],
        ['confirm:x', 'confirm:y'],
      ],
    ],
    ['what was spent on texts', WORKER, SPEND_COUNTS, () => [1_000, 'hash']],
    ['holds that ran out', WORKER, EXPIRED_HOLDS, () => [100]],
    ['visits nobody marked', WORKER, UNMARKED, () => [100]],
    ['a customer’s standing', customer, OWN_STANDING, () => [id, null]],
    ['whose portal it is', customer, CUSTOMER_IN_PORTAL, () => [id, id]],
    ['what is to come', customer, OWN_UPCOMING, () => [id, id, 100]],
    ['a customer’s payments', customer, OWN_PAYMENTS, () => [id, null, null, null, 21]],
    ['a later page of them', customer, OWN_PAYMENTS, () => [id, null, '2030-03-01T00:00:00.000Z', id, 21]],
    ['what happened lately', customer, PORTAL_ACTIVITY, () => [id, null, 20]],
    ['what somebody agreed to', WORKER, CONSENT_LATEST, () => [id]],
    ['who said STOP', WORKER, OPT_OUT_FIND, () => ['sms', 'hash']],
  ])('%s reads no growing table whole, and little of it', async (_, actor, statement, values) => {
    for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
      const plan = await planOf(actor, statement, values(), mode);
      expect([mode, ...readWhole(plan).filter((table) => GROWING.includes(table))]).toEqual([mode]);
      const { touched, expected } = rowsOf(plan);
      expect({ mode, touched, isFew: touched <= MOST_ROWS }).toMatchObject({ isFew: true });
      expect({ mode, expected, isFew: expected <= MOST_ROWS }).toMatchObject({ isFew: true });
    }
  });

  it('a day’s sums read no growing table whole', async () => {
    const day = [['2028-02-05'], ['2028-02-05T05:00:00Z'], ['2028-02-06T05:00:00Z'], '{}', '[]'];
    const range = Array.from({ length: 4 }, () => '2028-02-05');
    const plan = await planOf(WORKER, SUM_OF_DAYS, [...day, ...range], 'force_custom_plan');
    expect(readWhole(plan).filter((table) => GROWING.includes(table))).toEqual([]);
    expect(rowsOf(plan).touched).toBeLessThan(20_000);
  });

  it('sums of many days compare each row with a few of them, not with all', async () => {
    const days = eachDate('2028-01-10', '2028-02-18');
    const bounds = days.map((day) => dayBounds(day, 'America/New_York'));
    const [since, until] = [
      bounds.map(({ start }) => start.toISOString()),
      bounds.map(({ end }) => end.toISOString()),
    ];
    const values = [days, since, until, '{}', '[]'];
    const range = ['2028-01-10', '2028-02-18', '2028-01-10', '2028-02-18'];
    const plan = await planOf(WORKER, SUM_OF_DAYS, [...values, ...range], 'force_custom_plan');
    expect(comparedIn(plan)).toBeLessThan(5 * rowsOf(plan).touched);
  });

  it('a plan that does read one whole is told', async () => {
    const whole = { name: 'whole', text: 'select count(*) from booking where notes is not null' };
    const plan = await planOf(WORKER, whole, [], 'force_custom_plan');
    expect([readWhole(plan), rowsOf(plan).touched]).toEqual([['booking'], 60_000]);
  });
});
