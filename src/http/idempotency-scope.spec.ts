import { PUBLIC } from '../common/actor.js';
import { idempotencyScope } from './idempotency-scope.js';

const hashed = (text: string) => `#${text}`;
const nobody = (body: unknown, ip = '203.0.113.7') => idempotencyScope(PUBLIC, body, ip, hashed);

describe('an Idempotency-Key counts', () => {
  it('for one account, customer or guest', () => {
    const session = { sessionId: 's' };
    expect(
      idempotencyScope(
        { kind: 'staff', accountId: 'a', role: 'owner', resourceId: null, ...session },
        {},
        '',
        hashed,
      ),
    ).toBe('account:a');
    const customer = {
      kind: 'customer',
      customerId: 'c',
      ...session,
      isFresh: false,
      historyFrom: null,
    } as const;
    expect(idempotencyScope(customer, {}, '', hashed)).toBe('customer:c');
    expect(idempotencyScope({ kind: 'guest', bookingId: 'b', ...session }, {}, '', hashed)).toBe('guest:b');
  });

  it('for the contact of somebody who is not signed in, however it is written', () => {
    const written = nobody({ customer: { phone: '+1 (500) 555-0100', email: 'Ada@Example.com' } });
    expect(written).toBe(nobody({ customer: { phone: '+15005550100', email: 'ada@example.com' } }));
    expect(written).not.toBe(nobody({ customer: { phone: '+15005550101', email: 'ada@example.com' } }));
    expect(nobody({ customer: { email: 'ada@example.com' } })).not.toBe(
      nobody({ customer: { email: 'bob@example.com' } }),
    );
  });

  it('for the address where there is no contact, so that strangers never share one', () => {
    for (const body of [
      undefined,
      null,
      'text',
      [],
      {},
      { customer: null },
      { customer: { phone: 7, email: {} } },
    ]) {
      expect(nobody(body)).toBe('contact:#ip 203.0.113.7');
      expect(nobody(body, '203.0.113.8')).not.toBe(nobody(body));
    }
  });

  it('for a contact that is none as it stands', () => {
    expect(nobody({ customer: { phone: 'call me' } })).toBe('contact:#call me ');
    expect(nobody({ customer: { email: 'no address' } })).toBe('contact:# no address');
  });
});
