import { mayCall } from '../../src/auth/access-rules.js';
import type { StaffRole } from '../../src/common/actor.js';
import type { Actor, Cast, Person } from './cast.js';
import { validValue } from './wrong-values.js';
import { pathOf, type Route } from './route-table.js';

/** What a cell of the matrix must answer. */
export type Outcome =
  | 'served'
  | 'unauthenticated'
  | 'forbidden'
  | 'refused-signature'
  | 'unverified-event'
  | 'not-found'
  | 'erased';

/** One request of the matrix. */
export interface Cell {
  route: Route;
  actor: Actor;
  /** Whose object the path names: Ada's, Ben's, one of Eve who was erased, one that never was, or none. */
  object: 'ada' | 'ben' | 'eve' | 'missing' | 'none';
  method: string;
  url: string;
  body: unknown;
  headers: Record<string, string>;
  expected: Outcome;
}

const MISSING = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';
/** No version gets this far: whoever may change the booking is told that it changed meanwhile, and nothing has. */
const NEVER = { 'if-match': '"999999999"' };

const STARTS_A_PAYMENT = /^\/api\/bookings\/:id\/(payment|checkout)$/;

type Kind = 'booking' | 'portal' | 'calendar' | 'role' | 'none';

/** Whether a route's objects belong to somebody, are somebody's portal, belong to a calendar, or to the salon as a whole. */
function kindOf({ url, params }: Route): Kind {
  if (url.startsWith('/api/customer-portal')) return 'portal';
  if (url.startsWith('/admin/privacy') && params.length > 0) return 'role';
  if (/^\/(api|admin)\/bookings\/:id|^\/api\/payments\/:id/.test(url)) return 'booking';
  if (/^\/admin\/staff\/:id\/(hours|exceptions|time-off)/.test(url)) return 'calendar';
  return params.includes('id') ? 'role' : 'none';
}

function idOf({ url }: Route, cast: Cast, person: Person): string {
  if (url.startsWith('/admin/staff')) return person.resourceId;
  if (url.startsWith('/admin/customers')) return person.customerId;
  if (url.startsWith('/admin/messages')) return person.messageId;
  if (/\/services\/:id/.test(url)) return cast.serviceId;
  if (url.startsWith('/admin/accounts')) return cast.accountId;
  if (url.startsWith('/admin/calendar/connections')) return cast.connectionId;
  if (url.startsWith('/admin/calendar/conflicts')) return cast.conflictId;
  if (url.startsWith('/admin/payments/tasks')) return cast.taskId;
  if (url.startsWith('/api/customer-portal')) return person.customerId;
  if (/\/payments\/:id/.test(url)) return person.paymentId;
  return person.bookingId;
}

function isOpenTo(route: Route, { kind }: Actor): boolean {
  const ids = { customerId: '', bookingId: '', accountId: '', resourceId: null, sessionId: '' };
  const standing = { isFresh: true, historyFrom: null };
  if (kind === null || kind === false) return mayCall(route.rules, { kind: 'public' });
  if (kind === 'customer') return mayCall(route.rules, { ...ids, ...standing, kind });
  if (kind === 'guest') return mayCall(route.rules, { ...ids, kind });
  return mayCall(route.rules, { ...ids, kind: 'staff', role: kind satisfies StaffRole });
}

function isTheirs(actor: Actor, person: Person): boolean {
  if (actor.kind === 'customer') return actor.own === person.customerId;
  if (actor.kind === 'guest') return actor.own === person.bookingId;
  if (actor.kind === 'staff') return actor.own === person.resourceId;
  return true;
}

function expectedOf(route: Route, actor: Actor, person: Person | null, kind: Kind): Outcome {
  if (route.rules.includes('webhook'))
    return route.url === '/webhooks/stripe' ? 'unverified-event' : 'refused-signature';
  // Whoever signs in has another token than a collector.
  if (route.rules.includes('collector') || actor.kind === false) return 'unauthenticated';
  if (!isOpenTo(route, actor)) return actor.kind === null ? 'unauthenticated' : 'forbidden';
  if (kind === 'none') return 'served';
  if (kind === 'calendar') {
    const isManager = actor.kind === 'manager' || actor.kind === 'owner';
    if (isManager) return person ? 'served' : 'not-found';
    // Who works in the salon is public: a colleague's calendar is no secret, and neither is that it is not yours.
    return actor.kind === 'staff' && person && isTheirs(actor, person) ? 'served' : 'forbidden';
  }
  if (!person) return 'not-found';
  const isPersonal = kind === 'booking' || kind === 'portal';
  if (isPersonal && !isTheirs(actor, person)) return 'not-found';
  if (!person.isErased || kind !== 'portal') return 'served';
  // Nobody has her address any more.
  return route.params.includes('email') ? 'not-found' : 'erased';
}

/** Field by field a schema cannot say that an end comes after its start. */
function fitting(body: unknown): unknown {
  const hasEnd = typeof body === 'object' && body !== null && 'start' in body && 'end' in body;
  return hasEnd ? { ...body, start: '2031-02-01T09:00:00Z', end: '2031-02-01T10:00:00Z' } : body;
}

/** Whether someone who is served would change a row: such a request is sent with a body that is refused, or not at all. */
function harmlessBody(route: Route, kind: Kind, expected: Outcome): { body: unknown; isHarmless: boolean } {
  const valid = route.body ? fitting(validValue(route.body)) : undefined;
  if (expected !== 'served' || route.method === 'GET') return { body: valid, isHarmless: true };
  // Routes that start a payment know no version that could stop them.
  if (kind === 'booking' || route.params.includes('bookingId'))
    return { body: valid, isHarmless: !STARTS_A_PAYMENT.test(route.url) };
  return { body: { noSuchField: 1 }, isHarmless: route.body !== null };
}

/** A query that is complete, so that whose booking it is about decides and not what was left out. */
function neededQuery({ query }: Route): string {
  const needed = query.filter(({ required }) => required);
  const parts = needed.map(({ name, schema }) => `${name}=${encodeURIComponent(String(validValue(schema)))}`);
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

/** Every cell: route × actor × object in the path. Routes of the sandbox prove nothing, since production has none. */
export function cellsOf(routes: readonly Route[], cast: Cast): Cell[] {
  return routes
    .filter((route) => !route.rules.includes('sandbox'))
    .flatMap((route) => cast.actors.flatMap((actor) => cellsOfActor(route, actor, cast)));
}

function cellsOfActor(route: Route, actor: Actor, cast: Cast): Cell[] {
  const kind = kindOf(route);
  const people: [Cell['object'], Person | null][] =
    kind === 'none'
      ? [['none', null]]
      : [
          ['ada', cast.ada],
          ['ben', cast.ben],
          ['eve', cast.eve],
          ['missing', null],
        ];
  return people.flatMap(([object, person]): Cell[] => {
    const expected = expectedOf(route, actor, person, kind);
    const { body, isHarmless } = harmlessBody(route, kind, expected);
    if (!isHarmless) return [];
    const id = person ? idOf(route, cast, person) : MISSING;
    const timeOffId = person?.timeOffId ?? MISSING;
    const theirs = {
      customerId: person?.customerId ?? MISSING,
      bookingId: person?.bookingId ?? MISSING,
      email: person?.email ?? 'nobody@private.example',
    };
    const calendarId = person ? cast.calendarId : MISSING;
    const path = pathOf(route, {
      id,
      ...theirs,
      timeOffId,
      calendarId,
      date: '2031-01-01',
      code: 'not-found',
      key: 'sms.booking_confirmed.en',
    });
    const url = kind === 'booking' ? path + neededQuery(route) : path;
    const cell = {
      route,
      actor,
      object,
      method: route.method,
      url,
      body,
      headers: kind === 'none' ? {} : NEVER,
      expected,
    };
    const head = route.method === 'GET' ? [{ ...cell, method: 'HEAD' }] : [];
    return [cell, ...head];
  });
}

/** Other spellings of a path and ways around a method; none of them may get further than the path itself. */
export function detoursOf({
  method,
  url,
}: Pick<Cell, 'method' | 'url'>): { method: string; url: string; headers: Record<string, string> }[] {
  const [first = '', second = '', ...rest] = url.split('/');
  const spelt = [
    `${url}/`,
    `/${url}`,
    url.replace('/', '//'),
    url.toUpperCase(),
    `${url}.json`,
    `${url};x=1`,
    `${url}%2f`,
    `${url}/.`,
    `/./${url.slice(1)}`,
    [
      first,
      encodeURIComponent(second).replace(/^./, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
      ...rest,
    ].join('/'),
    `/health/../${url.slice(1)}`,
    `/health/%2e%2e/${url.slice(1)}`,
    `${url}?_method=GET`,
    `${url}#`,
    `${url}%00`,
  ];
  const overridden = ['x-http-method-override', 'x-http-method', 'x-method-override'].map((name) => ({
    method: 'POST',
    url,
    headers: { [name]: method },
  }));
  const pretended = {
    'x-original-url': '/health/live',
    'x-rewrite-url': '/health/live',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-user': 'owner',
  };
  return [
    ...spelt.map((path) => ({ method, url: path, headers: {} })),
    ...overridden,
    { method, url, headers: pretended },
  ];
}
