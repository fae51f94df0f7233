import fc from 'fast-check';
import { isProblemCode, PROBLEMS } from '../../src/common/problem.catalogue.js';
import { newId } from '../../src/common/ids.js';
import { checksums } from './checksum.js';
import { theOwner } from './factories.js';
import { malformedRequests, type KnownPaths, type Malformed } from './malformed.js';
import { routeTable } from './route-table.js';
import { bookAsGuest, openSalon } from './salon.js';
import type { TestApp } from './test-app.js';

const AT_ONCE = 8;
const PARTS = ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'];

/** An answer that is not what the rules promise. */
export interface Violation {
  route: string;
  who: string;
  what: string;
  fault: string;
  answer: string;
}

export interface MalformedReport {
  sent: number;
  /** How often each status was answered. */
  byStatus: Record<string, number>;
  routes: number;
  violations: Violation[];
  /** Tables whose rows changed. */
  written: string[];
  /** Slowest hundredth of the answers, in ms. */
  p99: number;
}

/** Rows of every kind, so that wrong requests are about things that exist. */
async function aSalonWithEverything(app: TestApp): Promise<KnownPaths> {
  await app.timeIs('2030-03-01T14:00:00Z'); // a Friday morning in New York
  const salon = await openSalon(app, { paymentPolicy: 'full' });
  const booking = await bookAsGuest(app, salon, '2030-03-04T10:00:00-05:00');
  if (booking.status !== 201) throw new Error(`no booking to ask about: ${booking.text}`);
  const [staffId = ''] = salon.staffIds;
  const timeOffId = newId();
  await app.sql(
    `insert into time_off (id, resource_id, starts_at, ends_at, created_at) values ($1, $2, '2031-01-01Z', '2031-01-02Z', now())`,
    [timeOffId, staffId],
  );
  const [effect] = await app.sql<{ id: string }>('select id from outbox_message limit 1');
  const ids: readonly [prefix: string, id: string][] = [
    ['/admin/customers', booking.body.customer.id],
    ['/admin/staff', staffId],
    ['/admin/services', salon.serviceId],
    ['/api/services', salon.serviceId],
    ['/admin/outbox', effect?.id ?? newId()],
  ];
  return (route) => {
    const id = ids.find(([prefix]) => route.url.startsWith(prefix))?.[1] ?? booking.body.id;
    return { id, timeOffId, date: '2031-01-01', code: 'not-found', key: 'sms.booking_confirmed.en' };
  };
}

/** Sends `count` malformed requests, half as nobody and half as the owner, and reports every answer that is no plain refusal. */
export async function provoke(app: TestApp, count: number, seed: number): Promise<MalformedReport> {
  const known = await aSalonWithEverything(app);
  const routes = routeTable(app);
  const owner = await theOwner(app);
  // Somebody else's session for the route that would end it: the owner has to go on asking.
  const leaving = await theOwner(app);
  const requests = fc.sample(malformedRequests(routes, known), { numRuns: count, seed });
  const before = await checksums(app);
  const report: MalformedReport = {
    sent: 0,
    byStatus: {},
    routes: routes.length,
    violations: [],
    written: [],
    p99: 0,
  };
  const times: number[] = [];
  const queue = requests.entries();
  const work = async () => {
    for (const [index, request] of queue) {
      const token = request.route.url === '/api/auth/logout' ? leaving : owner;
      await send(app, request, index % 2 === 0 ? token : null, report, times);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const after = await checksums(app);
  report.written = Object.keys(after).filter((table) => after[table] !== before[table]);
  report.p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0;
  return report;
}

async function send(
  app: TestApp,
  wrong: Malformed,
  token: string | null,
  report: MalformedReport,
  times: number[],
): Promise<void> {
  const began = performance.now();
  const response = await app.app.inject({
    method: wrong.route.method as 'GET', // one of the router's own
    url: wrong.url,
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...wrong.headers },
    ...(wrong.payload === undefined ? {} : { payload: wrong.payload }),
  });
  times.push(performance.now() - began);
  report.sent += 1;
  report.byStatus[response.statusCode] = (report.byStatus[response.statusCode] ?? 0) + 1;
  const fault = faultOf(wrong, response);
  if (!fault) return;
  report.violations.push({
    route: `${wrong.route.method} ${wrong.route.url}`,
    who: token ? 'the owner' : 'nobody',
    what: wrong.what,
    fault,
    answer: `${response.statusCode} ${response.payload.slice(0, 300)}`,
  });
}

interface Answered {
  statusCode: number;
  headers: Record<string, unknown>;
  payload: string;
}

function faultOf(wrong: Malformed, { statusCode, headers, payload }: Answered): string | null {
  if (statusCode >= 500) return 'broke';
  if (statusCode < 400) return wrong.isOdd ? null : 'was served';
  if (!String(headers['content-type']).startsWith('application/problem+json'))
    return 'is no problem document';
  const body: Record<string, unknown> = JSON.parse(payload);
  const missing = PARTS.filter((part) => body[part] === undefined || body[part] === '');
  if (missing.length > 0) return `lacks ${missing.join(', ')}`;
  const code = String(body['code']);
  if (!isProblemCode(code) || PROBLEMS[code].status !== statusCode || body['status'] !== statusCode)
    return 'contradicts the catalogue';
  if (!String(body['type']).endsWith(`/problems/${code}`)) return 'names another type';
  if (body['requestId'] !== headers['x-request-id']) return 'names another request';
  if (/\b(select|insert|stack|node_modules|at \w+ \()/i.test(String(body['detail'])))
    return 'tells internals';
  return null;
}

/** The kinds of violation with an example each: a thousand of one kind on all routes are one fault. */
export function summaryOf(violations: readonly Violation[]): string[] {
  const kinds = new Map<string, { count: number; routes: Set<string>; example: Violation }>();
  for (const violation of violations) {
    const kind = `${violation.fault} ${violation.what.replace(/^[\w.]+ (is|twice|as) /, '$1 ')}`;
    const seen = kinds.get(kind) ?? { count: 0, routes: new Set(), example: violation };
    seen.count += 1;
    seen.routes.add(violation.route);
    kinds.set(kind, seen);
  }
  return [...kinds.values()].map(
    ({ count, routes, example: { route, who, what, fault, answer } }) =>
      `${count} × on ${routes.size} routes, such as ${route} as ${who}, ${what}: ${fault}: ${answer}`,
  );
}
