import fc from 'fast-check';
import { pathOf, type Route } from './route-table.js';
import { sent, unreadableBodies, wrongBodies, type Wrong } from './wrong-bodies.js';
import { validValue, wrongValues } from './wrong-values.js';

/** A request that no client of ours would send. */
export interface Malformed {
  route: Route;
  /** What is wrong with it, in words. */
  what: string;
  url: string;
  headers: Record<string, string>;
  payload?: string | Buffer;
  /** Odd but readable: it may be served, as long as nothing breaks. Only for reads. */
  isOdd?: true;
}

/** Ids that exist, by the router's path up to its parameter: a wrong body must be refused before the row is touched. */
export type KnownPaths = (route: Route) => Record<string, string>;

const ODD_DATES = [
  '0000-01-01',
  '0001-01-01',
  '9999-12-31',
  '2024-02-29',
  '-000001-01-01',
  '2030-02-30',
  '275760-09-13',
];
const ODD_INSTANTS = [
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '9999-12-31T23:59:59-23:59',
  '2030-06-30T23:59:60Z',
  '2030-01-01T24:00:00Z',
];
interface Asked {
  what: string;
  query: string;
  isOdd?: true;
}

/** A page reached from messages: whatever mailers append to its address is ignored on purpose. */
const TAKES_ANY_QUERY = new Set(['/manage']);

function wrongQueries({ query, url }: Route): Asked[] {
  const encoded = (value: unknown) =>
    encodeURIComponent(
      typeof value === 'string' ? value.replaceAll(/[\ud800-\udfff]/g, '\u0000') : JSON.stringify(value),
    );
  const unknown = [
    'zz=1',
    'role=owner',
    'customerId[]=1&zz',
    '__proto__=1',
    'constructor=1',
    'zz[a]=1',
    '%00=1',
    'order_by=id;drop',
    'limit%5B%24gt%5D=1',
  ];
  return [
    ...unknown.map((text) => ({
      what: `unknown query ${text}`,
      query: text,
      ...(TAKES_ANY_QUERY.has(url) ? { isOdd: true as const } : {}),
    })),
    { what: 'a query of 5,000 characters', query: `q=${'a'.repeat(5_000)}` },
    ...query.flatMap(({ name, schema }): Asked[] => {
      const wrong = wrongValues(schema).filter(
        (value) => value !== null && (typeof value !== 'string' || !value.includes('raw:')),
      );
      // A query is all text: numbers and booleans are wrong only where text of that look is.
      const isText = schema.type === 'string' && !schema.format && !schema.pattern && !schema.enum;
      const texts = wrong.filter(
        (value) =>
          typeof value === 'string' &&
          value.length < 3_000 &&
          (!isText || /[\u0000\ud800-\udfff]/.test(value) || value.length > 100),
      );
      const values =
        schema.type === 'boolean'
          ? ['yes', '2', 'null']
          : schema.type === 'integer'
            ? ['many', '1.5', '-1', '1e400', 'NaN', '0x10', '9'.repeat(40)]
            : texts;
      const dates = schema.format === 'date' ? ODD_DATES : schema.format === 'date-time' ? ODD_INSTANTS : [];
      const cursors =
        name === 'cursor' ? ['-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z', '0000-01-01', '1e9'] : [];
      const cursor = (at: string) =>
        Buffer.from(`${at}|01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55`).toString('base64url');
      return [
        ...values.map((value) => ({
          what: `${name} is ${JSON.stringify(value).slice(0, 40)}`,
          query: `${name}=${encoded(value)}`,
        })),
        {
          what: `${name} twice`,
          query: `${name}=${encoded(validValue(schema))}&${name}=${encoded(validValue(schema))}`,
        },
        { what: `${name} as a list`, query: `${name}[]=1` },
        ...dates.map((value) => ({
          what: `${name} is ${value}`,
          query: `${name}=${encoded(value)}`,
          isOdd: true as const,
        })),
        ...cursors.map((at) => ({
          what: `a cursor at ${at}`,
          query: `cursor=${cursor(at)}`,
          isOdd: true as const,
        })),
      ];
    }),
  ];
}

const WRONG_IDS = [
  'not-a-uuid',
  '1',
  '-1',
  '0',
  'NaN',
  '1e400',
  'null',
  'undefined',
  '%00',
  '%20',
  '%F0%28',
  '%zz',
  '%',
  '..%2f..%2fetc',
  '%27%20or%201=1--',
  '00000000-0000-0000-0000-000000000000',
  '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e5',
  '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55%0a',
  '__proto__',
  'constructor',
  'toString',
  `${'a'.repeat(290)}`,
  'a'.repeat(400),
  '%D8%00',
  '{id}',
  '*',
  '01936f2a8a1c7b6e9d430f6a2c1b7e55',
];

/** Every request a route must refuse, as a list to draw from: kinds first, so that none drowns in another. */
function kindsOf(route: Route, known: KnownPaths): Malformed[][] {
  const url = pathOf(route, known(route));
  const at = ({ headers = {}, ...wrong }: Wrong): Malformed => ({ route, url, headers, ...wrong });
  const hasBody = route.method !== 'GET';
  const isWebhook = route.rules.includes('webhook');
  const paths = route.params.flatMap((name) =>
    WRONG_IDS.map((id): Malformed => ({
      ...at({
        what: `${name} is ${id.slice(0, 40)}`,
        ...(route.body ? sent('', validValue(route.body)) : {}),
      }),
      what: `${name} is ${id.slice(0, 40)}`,
      url: pathOf(route, { ...known(route), [name]: id }),
    })),
  );
  const tokens = [
    'Bearer x',
    'Bearer a.b.c',
    'Basic b3duZXI6cGFzcw==',
    'Bearer',
    `Bearer ${'a'.repeat(3_000)}.b.c`,
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    '\u00ff',
  ];
  const provesItself = isWebhook || route.rules.includes('sandbox');
  return [
    paths,
    hasBody ? unreadableBodies().map(at) : [],
    route.body ? wrongBodies(route.body).map(at) : [],
    hasBody
      ? []
      : wrongQueries(route).map(({ query, ...asked }): Malformed => ({
          ...at(asked),
          ...asked,
          url: `${url}?${query}`,
        })),
    provesItself
      ? []
      : tokens.map((authorization) =>
          at({ what: `authorization ${authorization.slice(0, 30)}`, headers: { authorization } }),
        ),
    isWebhook
      ? [
          at({
            what: 'no signature',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            payload: 'MessageSid=SM1&MessageStatus=sent',
          }),
        ]
      : [],
  ].filter((kind) => kind.length > 0);
}

/** Draws malformed requests evenly over routes, then over kinds: one of a thousand is drawn more often than one of ten. */
export function malformedRequests(routes: readonly Route[], known: KnownPaths): fc.Arbitrary<Malformed> {
  const byRoute = routes.map((route) =>
    fc.oneof(
      ...kindsOf(route, known).map((kind) => ({
        weight: Math.ceil(Math.sqrt(kind.length)),
        arbitrary: fc.constantFrom(...kind),
      })),
    ),
  );
  return fc.oneof(...byRoute);
}
