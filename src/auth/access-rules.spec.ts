import type { AccessRule } from '../common/access.js';
import { PUBLIC, STAFF_ROLES, WORKER, type Actor, type StaffRole } from '../common/actor.js';
import { mayCall, provesItself } from './access-rules.js';

const staff = (role: StaffRole): Actor => ({
  kind: 'staff',
  accountId: 'a',
  role,
  resourceId: null,
  sessionId: 's',
});
const customer: Actor = {
  kind: 'customer',
  customerId: 'c',
  sessionId: 's',
  isFresh: false,
  historyFrom: null,
};
const guest: Actor = { kind: 'guest', bookingId: 'b', sessionId: 's' };
const everybody: Actor[] = [PUBLIC, customer, guest, ...STAFF_ROLES.map(staff)];

const nameOf = (actor: Actor) => (actor.kind === 'staff' ? actor.role : actor.kind);
const admitted = (...rules: AccessRule[]) => everybody.filter((actor) => mayCall(rules, actor)).map(nameOf);

describe('who may call a route', () => {
  it.each<[AccessRule[], string[]]>([
    [['public'], ['public', 'customer', 'guest', 'staff', 'reception', 'manager', 'owner']],
    [['customer'], ['customer']],
    [
      ['customer', 'guest'],
      ['customer', 'guest'],
    ],
    [['staff'], ['staff', 'reception', 'manager', 'owner']],
    [['reception'], ['reception', 'manager', 'owner']],
    [['manager'], ['manager', 'owner']],
    [['owner'], ['owner']],
    [
      ['customer', 'reception'],
      ['customer', 'reception', 'manager', 'owner'],
    ],
    [['webhook'], ['public']],
    [['collector'], ['public']],
    [['sandbox'], ['public']],
  ])('for %j is: %j', (rules, names) => expect(admitted(...rules)).toEqual(names));

  it('is nobody where no rule is given, and never the system', () => {
    expect(admitted()).toEqual([]);
    expect(mayCall(['customer', 'owner', 'guest', 'webhook'], WORKER)).toBe(false);
  });

  it('is proven by the caller itself only for webhooks, the collector of measurements and the sandbox', () => {
    expect(provesItself(['webhook'])).toBe(true);
    expect(provesItself(['collector'])).toBe(true);
    expect(provesItself(['sandbox'])).toBe(true);
    expect(provesItself(['public', 'customer', 'guest', 'owner'])).toBe(false);
  });
});
