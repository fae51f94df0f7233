import { BOOT, PUBLIC, STAFF_ROLES, type Actor, type StaffRole } from '../common/actor.js';
import { Forbidden } from '../common/domain-error.js';
import { mayGrant, refuseGrant } from './grant-rules.js';

const staff = (role: StaffRole): Actor => ({
  kind: 'staff',
  accountId: 'a',
  role,
  resourceId: null,
  sessionId: 's',
});
const granted = (actor: Actor) => STAFF_ROLES.filter((role) => mayGrant(actor, role));

describe('nobody grants above their own role', () => {
  it.each<[StaffRole, StaffRole[]]>([
    ['staff', ['staff']],
    ['reception', ['staff', 'reception']],
    ['manager', ['staff', 'reception', 'manager']],
    ['owner', ['staff', 'reception', 'manager', 'owner']],
  ])('so %s grants %j', (role, roles) => expect(granted(staff(role))).toEqual(roles));

  it('but the boot settings and the command line make any account, and customers, guests and strangers none', () => {
    expect(granted(BOOT)).toEqual(STAFF_ROLES);
    expect(granted(PUBLIC)).toEqual([]);
    expect(
      granted({ kind: 'customer', customerId: 'c', sessionId: 's', isFresh: false, historyFrom: null }),
    ).toEqual([]);
    expect(granted({ kind: 'guest', bookingId: 'b', sessionId: 's' })).toEqual([]);
  });

  it('and whoever is above is not theirs to demote either', () => {
    expect(() => refuseGrant(staff('manager'), 'owner', 'staff')).toThrow(Forbidden);
    expect(() => refuseGrant(staff('manager'), 'staff', 'owner')).toThrow(Forbidden);
    expect(() => refuseGrant(staff('manager'), 'staff', 'manager')).not.toThrow();
  });
});
