import { castOf, type Cast } from '../support/cast.js';
import { checksums } from '../support/checksum.js';
import { cellsOf, detoursOf, type Cell, type Outcome } from '../support/matrix.js';
import { routeTable, type Route } from '../support/route-table.js';
import { TestApp } from '../support/test-app.js';

const STATUS: Record<Exclude<Outcome, 'served'>, number> = {
  unauthenticated: 401,
  forbidden: 403,
  'refused-signature': 403,
  'unverified-event': 400,
  'not-found': 404,
  erased: 410,
};
const CODE: Record<Exclude<Outcome, 'served'>, string> = {
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  'refused-signature': 'signature-invalid',
  'unverified-event': 'event-unverified',
  'not-found': 'not-found',
  erased: 'erased',
};
/** Part of every answer, and different in each. */
const PASSING = [
  'date',
  'x-request-id',
  'content-length',
  'ratelimit',
  'ratelimit-policy',
  'connection',
  'keep-alive',
];
const AT_ONCE = 8;

interface Answered {
  cell: Cell;
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

const described = ({ method, route, actor, object }: Cell) =>
  `${method} ${route.url} as ${actor.name}, about ${object}`;

/** What a caller can tell two refusals apart by, if at all. */
function recognisable({ headers, text }: Answered): string {
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  for (const passing of ['instance', 'requestId']) delete body[passing];
  const kept = Object.entries(headers).filter(([name]) => !PASSING.includes(name));
  return JSON.stringify({ kept: kept.toSorted(), body: Object.entries(body) });
}

describe('who may call what, about whose things', () => {
  let app: TestApp;
  let cast: Cast;
  let routes: Route[];
  let answers: Answered[];
  let written: string[];
  beforeAll(async () => {
    app = await TestApp.start({
      env: { LAWREI_ROLE: 'api', METRICS_TOKEN: 'a collector has another token' },
    });
    cast = await castOf(app);
    routes = routeTable(app);
    const before = await checksums(app);
    answers = await askAll(cellsOf(routes, cast));
    const after = await checksums(app);
    written = Object.keys(after).filter((table) => after[table] !== before[table]);
  }, 120_000);
  afterAll(() => app.stop());

  const ask = async (cell: Cell): Promise<Answered> => {
    const { method, url, body, headers, actor } = cell;
    const response = await app.app.inject({
      method: method as 'GET', // one of the router's own
      url,
      headers: { ...headers, ...(actor.token === null ? {} : { authorization: `Bearer ${actor.token}` }) },
      ...(body === undefined || method === 'HEAD' ? {} : { payload: body as object }), // made from the route's own schema
    });
    return { cell, status: response.statusCode, headers: response.headers, text: response.payload };
  };
  const askAll = async (cells: readonly Cell[]): Promise<Answered[]> => {
    const done: Answered[] = [];
    const queue = cells.values();
    const work = async () => {
      for (const cell of queue) done.push(await ask(cell));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return done;
  };

  it('is walked through in full: every route of the router, every kind of caller, every kind of object', () => {
    const asked = new Set(answers.map(({ cell }) => cell.route.url));
    const left = routes
      .filter((route) => !asked.has(route.url) && !route.rules.includes('sandbox'))
      .map((route) => route.url);
    expect(left).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(3_000);
    expect(new Set(answers.map(({ cell }) => cell.expected)).size).toBe(7);
  });

  it('is as the access policy says, in every cell', () => {
    const wrong = answers.filter(({ cell, status, text }) => {
      if (cell.expected === 'served')
        return (
          ([401, 403, 404].includes(status) && !(status === 404 && cell.method === 'DELETE')) || status >= 500
        );
      if (status !== STATUS[cell.expected]) return true;
      return cell.method !== 'HEAD' && JSON.parse(text).code !== CODE[cell.expected];
    });
    expect(
      wrong.map(
        ({ cell, status, text }) =>
          `${described(cell)}: ${cell.expected}, but ${status} ${text.slice(0, 120)}`,
      ),
    ).toEqual([]);
  });

  it('does not tell another’s things from things that never were', () => {
    const refused = answers.filter(
      ({ cell, status }) =>
        cell.object !== 'none' && (status === 404 || status === 403) && cell.method !== 'DELETE',
    );
    const missing = new Map(
      refused
        .filter(({ cell }) => cell.object === 'missing')
        .map((answer) => [
          `${answer.cell.method} ${answer.cell.route.url} ${answer.cell.actor.name}`,
          answer,
        ]),
    );
    const different = refused.filter((answer) => {
      const { cell } = answer;
      const other = missing.get(`${cell.method} ${cell.route.url} ${cell.actor.name}`);
      return !other || other.status !== answer.status || recognisable(other) !== recognisable(answer);
    });
    expect(refused.length).toBeGreaterThan(500);
    expect(different.map(({ cell, text }) => `${described(cell)}: ${text}`)).toEqual([]);
  });

  it('lets nobody read a word about Ada who may not', () => {
    const maySee = new Set([
      'the guest of the booking',
      'the customer',
      'the person who does it',
      'reception',
      'a manager',
      'the owner',
    ]);
    const told = answers.filter(
      ({ cell, text }) =>
        !maySee.has(cell.actor.name) && cast.ada.secrets.some((secret) => text.includes(secret)),
    );
    const shown = new Set(
      answers
        .filter(({ text }) => cast.ada.secrets.some((secret) => text.includes(secret)))
        .map(({ cell }) => cell.actor.name),
    );
    expect(told.map(({ cell, text }) => `${described(cell)}: ${text}`)).toEqual([]);
    expect([...maySee].filter((name) => !shown.has(name))).toEqual([]);
  });

  it('lets nobody at all read a word about Eve, who was erased', () => {
    // Her payment stays with its reason, and its receipt with her name: the law wants them, and the certificate says so.
    const kept = /last4|••••|was unhappy/;
    const erased = cast.eve.secrets.filter((secret) => !kept.test(secret) && secret !== cast.eve.reference);
    const told = answers.filter(
      ({ cell, text }) =>
        !cell.route.url.endsWith('/receipt') && erased.some((secret) => text.includes(secret)),
    );
    expect(told.map(({ cell, text }) => `${described(cell)}: ${text}`)).toEqual([]);
    expect(
      answers.filter(({ cell }) => cell.object === 'eve' && cell.expected === 'erased').length,
    ).toBeGreaterThan(20);
  });

  it('changes no row and promises no effect: not for those who may not, nor for those who only looked', () => {
    expect(written).toEqual([]);
  });

  it('cannot be got around by another spelling of the path, another method or a header', async () => {
    const closed = answers
      .map(({ cell }) => cell)
      .filter(
        ({ actor, object, expected, method }) =>
          actor.name === 'nobody' &&
          expected === 'unauthenticated' &&
          object !== 'ben' &&
          object !== 'eve' &&
          object !== 'missing' &&
          method !== 'HEAD',
      );
    const detours = closed.flatMap((cell) =>
      detoursOf(cell).map((detour) => ({
        ...cell,
        ...detour,
        headers: { ...cell.headers, ...detour.headers },
      })),
    );
    const before = await checksums(app);
    const reached = (await askAll(detours)).filter(
      ({ status, text }) =>
        status < 400 || status >= 500 || cast.ada.secrets.some((secret) => text.includes(secret)),
    );
    expect(detours.length).toBeGreaterThan(500);
    expect(reached.map(({ cell, status }) => `${cell.method} ${cell.url}: ${status}`)).toEqual([]);
    expect(await checksums(app)).toEqual(before);
  });

  describe('when the other’s id stands elsewhere than in the path', () => {
    const as = (name: string) => {
      const actor = cast.actors.find((candidate) => candidate.name === name);
      if (!actor) throw new Error(`nobody is called ${name}`);
      return app.as(actor.token ?? undefined);
    };
    const missing = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';

    it.each(['staffId', 'customerId'] as const)(
      'lists filtered by %s show a colleague nothing of Ada’s',
      async (filter) => {
        const value = filter === 'staffId' ? cast.ada.resourceId : cast.ada.customerId;
        const theirs = await as('a colleague').get(`/admin/bookings?${filter}=${value}`);
        const nobodys = await as('a colleague').get(`/admin/bookings?${filter}=${missing}`);
        const own = await as('the person who does it').get(`/admin/bookings?${filter}=${value}`);
        expect(theirs.status).toBe(200);
        expect(theirs.text).toBe(nobodys.text);
        expect(own.body.data).toHaveLength(1);
      },
    );

    it('a colleague’s absence is not found below one’s own calendar', async () => {
      const answer = await as('a colleague').delete(
        `/admin/staff/${cast.ben.resourceId}/time-off/${cast.ada.timeOffId}`,
      );
      expect(answer.status).toBe(404);
      expect(await app.sql('select 1 from time_off where id = $1', [cast.ada.timeOffId])).toHaveLength(1);
    });

    it('a customer cannot book in another’s name', async () => {
      const body = {
        serviceId: cast.serviceId,
        start: '2030-03-05T10:00:00-05:00',
        customerId: cast.ada.customerId,
      };
      const answers = [
        await as('another customer').post('/api/bookings', body),
        await as('nobody').post('/api/bookings', body),
      ];
      expect(answers.map(({ status }) => status)).toEqual([422, 422]);
    });

    it('booking with Ada’s contacts tells nothing about her and changes nothing of hers', async () => {
      const ofAda = () =>
        app.sql(
          'select c.*::text, b.*::text from customer c join booking b on b.customer_id = c.id where c.id = $1',
          [cast.ada.customerId],
        );
      const before = await ofAda();
      const contacts = await app.sql<{ phone: string; email: string }>(
        'select phone, email from customer where id = $1',
        [cast.ada.customerId],
      );
      const { phone, email } = contacts[0] ?? { phone: '', email: '' };
      const customer = { name: 'Mallory', phone, email };
      const answer = await as('nobody').post('/api/bookings', {
        serviceId: cast.serviceId,
        start: '2030-03-05T11:00:00-05:00',
        customer,
      });
      expect(answer.status).toBe(201);
      expect(answer.body.customer.id).not.toBe(cast.ada.customerId);
      expect(await ofAda()).toEqual(before);
    });

    it('staff cannot move their own client into a colleague’s calendar', async () => {
      await app.sql(
        `update booking set status = 'confirmed', payment_waived = true, hold_expires_at = null where id = $1`,
        [cast.ben.bookingId],
      );
      await app.sql(`update allocation set held_until = null where booking_id = $1`, [cast.ben.bookingId]);
      const answer = await as('a colleague').put(`/admin/bookings/${cast.ben.bookingId}/reschedule`, {
        start: '2030-03-06T10:00:00-05:00',
        staffId: cast.ada.resourceId,
      });
      expect([403, 404]).toContain(answer.status);
    });
  });
});
