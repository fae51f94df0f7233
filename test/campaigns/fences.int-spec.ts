import { jest } from '@jest/globals';
import type { FilterQuery } from '@mikro-orm/core';
import type { ExecutionContext } from '@nestjs/common';
import type { ActingRequest } from '../../src/common/access.js';
import { PUBLIC, type Actor } from '../../src/common/actor.js';
import { newId } from '../../src/common/ids.js';
import type { Booking } from '../../src/bookings/entities/booking.entity.js';
import type { Customer } from '../../src/customers/entities/customer.entity.js';
import type { Message } from '../../src/messaging/entities/message.entity.js';
import type { Payment } from '../../src/payments/entities/payment.entity.js';
import type { Cast } from '../support/cast.js';
import type { Route } from '../support/route-table.js';
import type { TestApp as App } from '../support/test-app.js';

/*
 * Isolation has three fences: the guard, the actor in the *where*, row-level security. Each is taken away here, alone and with
 * another, to see that one missing lets nobody through, and that it really was missing. The switches are the test's own: the
 * product has none.
 */

const real = await import('../../src/bookings/booking.scope.js');
let isWhereOff = false;
jest.unstable_mockModule('../../src/bookings/booking.scope.js', () => ({
  ...real,
  visibleTo: (...args: Parameters<typeof real.visibleTo>): FilterQuery<Booking> =>
    isWhereOff ? {} : real.visibleTo(...args),
}));
const realOfMoney = await import('../../src/payments/payment.scope.js');
jest.unstable_mockModule('../../src/payments/payment.scope.js', () => ({
  paymentsOf: (...args: Parameters<typeof realOfMoney.paymentsOf>): FilterQuery<Payment> =>
    isWhereOff ? {} : realOfMoney.paymentsOf(...args),
}));
const realOfPeople = await import('../../src/customers/customer.scope.js');
jest.unstable_mockModule('../../src/customers/customer.scope.js', () => ({
  personOf: (...args: Parameters<typeof realOfPeople.personOf>): FilterQuery<Customer> =>
    isWhereOff ? {} : realOfPeople.personOf(...args),
  personIdOf: (...args: Parameters<typeof realOfPeople.personIdOf>): string | null =>
    isWhereOff ? null : realOfPeople.personIdOf(...args),
}));
const realOfMessages = await import('../../src/messaging/message.scope.js');
jest.unstable_mockModule('../../src/messaging/message.scope.js', () => ({
  messagesOf: (...args: Parameters<typeof realOfMessages.messagesOf>): FilterQuery<Message> =>
    isWhereOff ? {} : realOfMessages.messagesOf(...args),
}));
const { TestApp } = await import('../support/test-app.js');
const { castOf } = await import('../support/cast.js');
const { aCustomerActor } = await import('../support/factories.js');
const { AccessGuard } = await import('../../src/auth/access.guard.js');
const { routeTable, pathOf } = await import('../support/route-table.js');
const { validValue } = await import('../support/wrong-values.js');
const { checksums } = await import('../support/checksum.js');

type Fence = 'guard' | 'where' | 'rls';

describe('the three fences around Ada’s data', () => {
  let app: App;
  let cast: Cast;
  let strangers: Record<string, { token: string | undefined; actor: Actor }>;
  let bound: string[];
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    cast = await castOf(app);
    const tokenOf = (name: string) => cast.actors.find((actor) => actor.name === name)?.token ?? undefined;
    const sessionId = newId();
    strangers = {
      'another customer': {
        token: tokenOf('another customer'),
        actor: aCustomerActor(cast.ben.customerId),
      },
      'the guest of another booking': {
        token: tokenOf('the guest of another booking'),
        actor: { kind: 'guest', bookingId: cast.ben.bookingId, sessionId },
      },
      nobody: { token: undefined, actor: PUBLIC },
    };
    const rows = await app.sql<{ name: string }>(
      `select relname as name from pg_class where relrowsecurity and relkind = 'r' order by 1`,
    );
    bound = rows.map(({ name }) => name);
  });
  afterAll(() => app.stop());

  /** Takes fences away for the length of the work. Without the guard the stranger is still who they are, but may call anything. */
  const without = async <T>(
    fences: readonly Fence[],
    stranger: Actor,
    work: () => Promise<T>,
  ): Promise<T> => {
    isWhereOff = fences.includes('where');
    const guard = fences.includes('guard')
      ? jest.spyOn(AccessGuard.prototype, 'canActivate').mockImplementation(admit(stranger))
      : null;
    const isRlsOff = fences.includes('rls');
    if (isRlsOff) for (const table of bound) await app.sql(`alter table ${table} disable row level security`);
    try {
      return await work();
    } finally {
      isWhereOff = false;
      guard?.mockRestore();
      if (isRlsOff)
        for (const table of bound) await app.sql(`alter table ${table} enable row level security`);
    }
  };
  const admit = (stranger: Actor) => async (context: ExecutionContext) => {
    context.switchToHttp().getRequest<ActingRequest>().actor = stranger;
    return true;
  };

  /** One question about Ada's things; what would change something of hers names a version that never was. */
  const askedOf = (route: Route) => {
    const { customerId, bookingId, email, messageId, resourceId, timeOffId, paymentId } = cast.ada;
    const ids: readonly [string, string][] = [
      ['/admin/customers', customerId],
      ['/admin/messages', messageId],
      ['/admin/staff', resourceId],
      ['/admin/payments/tasks', cast.taskId],
      ['/admin/payments', paymentId],
      ['/api/payments', paymentId],
      ['/api/customer-portal', customerId],
    ];
    const id = ids.find(([prefix]) => route.url.startsWith(prefix))?.[1] ?? bookingId;
    const isBooking = route.url.includes('/bookings/:id') || route.params.includes('bookingId');
    const body = isBooking && route.body ? validValue(route.body) : { noSuchField: 1 };
    const hasBody = route.method !== 'GET' && (route.body !== null || isBooking);
    const sent = { headers: { 'if-match': '"999999999"' }, ...(hasBody ? { body } : {}) };
    const named = { customerId, bookingId, email, timeOffId, date: '2031-01-01', code: 'not-found' };
    return { path: pathOf(route, { id, ...named }), sent, isBooking };
  };

  /** Asks every route about Ada and names those whose answer holds something of hers, or that would have changed it. */
  const readOfAda = async (token: string | undefined): Promise<string[]> => {
    const routes = routeTable(app).filter(
      ({ rules, url }) => !rules.includes('sandbox') && url !== '/api/auth/logout',
    );
    const answers = await Promise.all(
      routes.map(async (route) => {
        const { path, sent, isBooking } = askedOf(route);
        const { status, text } = await app.request(route.method, path, sent, token);
        const isHers = cast.ada.secrets.some((secret) => text.includes(secret));
        return isHers || (isBooking && status === 412) ? [`${route.method} ${route.url}`] : [];
      }),
    );
    return answers.flat();
  };

  it('stand on every table with a customer’s data', () => {
    expect(bound).toEqual([
      'booking',
      'booking_event',
      'consent',
      'customer',
      'erasure_request',
      'manage_link',
      'message',
      'message_attempt',
      'payment',
      'receipt',
      'refund',
    ]);
  });

  describe.each(['another customer', 'the guest of another booking', 'nobody'])('for %s', (who) => {
    const leaksWithout = async (fences: readonly Fence[]) => {
      const stranger = strangers[who];
      if (!stranger) throw new Error('who?');
      return without(fences, stranger.actor, () => readOfAda(stranger.token));
    };

    it.each([[[]], [['guard']], [['where']], [['rls']]] as [Fence[]][])(
      'nothing of Ada’s can be read without %j',
      async (fences) => {
        const before = await checksums(app);
        expect(await leaksWithout(fences)).toEqual([]);
        expect(await checksums(app)).toEqual(before);
      },
    );

    it('row-level security holds alone', async () => {
      expect(await leaksWithout(['guard', 'where'])).toEqual([]);
    });

    it('and every fence is really gone where it is said to be: without two or three of them Ada is read', async () => {
      const withoutGuardAndRls = await leaksWithout(['guard', 'rls']);
      const withoutAny = await leaksWithout(['guard', 'where', 'rls']);
      expect(withoutGuardAndRls).toEqual(
        expect.arrayContaining([
          'GET /admin/customers/:id',
          'GET /admin/customers',
          'GET /admin/messages/:id',
        ]),
      );
      expect(withoutAny).toEqual(
        expect.arrayContaining([
          'GET /api/bookings/:id',
          'GET /admin/bookings/:id',
          'GET /admin/bookings',
          'POST /admin/bookings/:id/cancel',
          'POST /admin/bookings/:id/record-payment',
          'GET /api/payments/:id',
          'GET /api/payments/:id/receipt',
          'GET /admin/payments/:id',
          'GET /admin/payments',
          'GET /api/customer-portal/id/:customerId',
          'GET /api/customer-portal/:email',
          'GET /api/customer-portal/:id/history',
          'GET /api/customer-portal/:id/profile',
          'GET /api/customer-portal/:id/messages',
          'POST /api/customer-portal/:id/cancel/:bookingId',
        ]),
      );
    });
  });

  it.each(['another customer', 'the guest of another booking'])(
    'the *where* holds alone on the routes that have it, against %s',
    async (who) => {
      const stranger = strangers[who];
      if (!stranger) throw new Error('who?');
      const leaks = await without(['guard', 'rls'], stranger.actor, () => readOfAda(stranger.token));
      const theirs = leaks.filter((route) => /\/(bookings|payments|customer-portal)/.test(route));
      // A file of all bookings is the owner's alone, and nobody's own: there is no *where* in it.
      expect(theirs.filter((route) => route !== 'GET /admin/exports/bookings')).toEqual([]);
      const control = await without(['where', 'rls'], stranger.actor, () => readOfAda(stranger.token));
      expect(control).toEqual(
        expect.arrayContaining([
          'GET /api/bookings/:id',
          'POST /api/bookings/:id/cancel',
          'PUT /api/bookings/:id/reschedule',
          'GET /api/payments/:id',
          'GET /api/payments/:id/receipt',
        ]),
      );
    },
  );

  it('the guard holds alone wherever staff work, and everywhere against nobody', async () => {
    for (const [who, { token, actor }] of Object.entries(strangers)) {
      const leaks = await without(['where', 'rls'], actor, () => readOfAda(token));
      expect(leaks.filter((route) => who === 'nobody' || route.includes('/admin/'))).toEqual([]);
    }
  });

  it('a write past the fences is refused by row-level security as well', async () => {
    const stranger = strangers['another customer'];
    if (!stranger) throw new Error('who?');
    const before = await app.sql('select * from booking where id = $1', [cast.ada.bookingId]);
    const answers = await without(['guard', 'where'], stranger.actor, async () => [
      await app
        .as(stranger.token)
        .post(`/admin/bookings/${cast.ada.bookingId}/cancel`, { reason: 'x', onBehalfOf: 'salon' }),
      await app.as(stranger.token).patch(`/admin/customers/${cast.ada.customerId}`, { name: 'Mallory' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(await app.sql('select * from booking where id = $1', [cast.ada.bookingId])).toEqual(before);
  });
});
