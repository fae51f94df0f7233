import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument, routesOf } from '../../src/app.setup.js';
import type { AccessRule } from '../../src/common/access.js';
import { isProblemCode } from '../../src/common/problem.catalogue.js';
import { policyOf } from '../support/route-table.js';
import { TestApp } from '../support/test-app.js';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** The framework's own: documents, the twins of GET, and preflights; and the sandbox, which production does not have. */
const isOurs = ({ method, url }: { method: string; url: string }) =>
  !['HEAD', 'OPTIONS'].includes(method) && !/^\/(docs|sandbox)([/-]|$)/.test(url) && url !== '*';

const unique = (names: readonly string[]) => [...new Set(names)].toSorted();

/** `/api/x/{id}` as the router writes it. */
const asRoute = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

function operationsOf(document: OpenAPIObject) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ route: `${method.toUpperCase()} ${asRoute(path)}`, operation }] : [];
    }),
  );
}

describe('the router, the OpenAPI document and the access policy', () => {
  let app: TestApp;
  let document: OpenAPIObject;
  let router: string[];
  let policy: Map<string, AccessRule[] | undefined>;
  beforeAll(async () => {
    app = await TestApp.start();
    document = openApiDocument(app.app);
    router = unique(
      routesOf(app.app)
        .filter(isOurs)
        .map(({ method, url }) => `${method} ${url}`),
    );
    policy = policyOf(app);
  });
  afterAll(() => app.stop());

  it('know the same routes: none can be called that is not documented and guarded, none is promised that is not there', () => {
    expect(router.length).toBeGreaterThan(20);
    expect(unique(operationsOf(document).map(({ route }) => route))).toEqual(router);
    expect(
      unique([...policy.keys()]).filter((route) =>
        isOurs({ method: route.split(' ')[0] ?? '', url: route.split(' ')[1] ?? '' }),
      ),
    ).toEqual(router);
  });

  it('are open to whom docs/access.md says, route by route: whoever opens one has to say so there', () => {
    const table = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8');
    const told = [...table.matchAll(/^\| `([A-Z]+ \S+)` +\| ([\w, ]+?) +\|$/gm)].map((row) => [
      row[1],
      row[2],
    ]);
    const ours = [...policy].filter(([, rules]) => !rules?.includes('sandbox'));
    expect(told.toSorted()).toEqual(ours.map(([route, rules]) => [route, rules?.join(', ')]).toSorted());
  });

  it('say of every route who may call it', () => {
    const open = [...policy].filter(([, rules]) => !rules || rules.length === 0).map(([route]) => route);
    expect(open).toEqual([]);
  });

  it('agree that a route for the signed-in can answer 401 and takes a token, and that staff roles can be too low', () => {
    const wrong = operationsOf(document).filter(({ route, operation }) => {
      const rules = policy.get(route) ?? [];
      if (rules.includes('public') || rules.includes('webhook')) return false;
      const isRoleNeeded = rules.some((rule) => ['reception', 'manager', 'owner'].includes(rule));
      return (
        !operation.responses['401'] || !operation.security || (isRoleNeeded && !operation.responses['403'])
      );
    });
    expect(wrong.map(({ route }) => route)).toEqual([]);
  });

  it('name only refusals of the catalogue', () => {
    const descriptions = operationsOf(document).flatMap(({ operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => Number(status) >= 400)
        .map(([, response]) => (response && 'description' in response ? String(response.description) : '')),
    );
    const codes = descriptions.flatMap((text) =>
      [...text.matchAll(/`([a-z-]+)`:/g)].map((match) => match[1] ?? ''),
    );
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !isProblemCode(code))).toEqual([]);
  });

  it('show an example of every field and every parameter', () => {
    const fields = Object.entries(document.components?.schemas ?? {}).flatMap(([schema, { ...shape }]) =>
      Object.entries(('properties' in shape && shape.properties) || {}).map(([name, field]) => ({
        name: `${schema}.${name}`,
        field,
      })),
    );
    const parameters = operationsOf(document).flatMap(({ route, operation }) =>
      (operation.parameters ?? []).map((parameter) => ({
        name: `${route} ${'name' in parameter ? parameter.name : ''}`,
        field: ('schema' in parameter && parameter.schema) || {},
      })),
    );
    // What points to another schema is shown by the fields over there.
    const isShown = (field: object) =>
      'example' in field || /"\$ref":"#\/components\/schemas/.test(JSON.stringify(field));
    expect(fields.length).toBeGreaterThan(300);
    expect([...fields, ...parameters].filter(({ field }) => !isShown(field)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it('say the refusals and headers that the server around the routes adds', () => {
    const of = (route: string) => {
      const { responses, parameters } =
        operationsOf(document).find((operation) => operation.route === route)?.operation ?? {};
      const headersOf = (status: string) => {
        const answer = responses?.[status];
        return Object.keys((answer && 'headers' in answer && answer.headers) || {}).toSorted();
      };
      const sent = (parameters ?? []).flatMap((one) =>
        'in' in one && one.in === 'header' ? [one.name] : [],
      );
      return { statuses: Object.keys(responses ?? {}), headersOf, sent: sent.toSorted() };
    };
    const everywhere = ['RateLimit', 'RateLimit-Policy', 'X-Request-Id'];
    const book = of('POST /api/bookings');
    expect(book.statuses).toEqual(expect.arrayContaining(['400', '413', '415', '429', '503']));
    expect(book.headersOf('201')).toEqual(['ETag', 'Idempotency-Replayed', ...everywhere]);
    for (const status of ['429', '503']) expect(book.headersOf(status)).toContain('Retry-After');
    expect(of('PUT /api/bookings/:id/reschedule').sent).toEqual(['Idempotency-Key', 'If-Match']);
    const read = of('GET /api/slots');
    expect([read.sent, read.headersOf('304')]).toEqual([['If-None-Match'], ['ETag', ...everywhere]]);
    expect(of('GET /health/live').headersOf('200')).toEqual(['X-Request-Id']);
    expect(JSON.stringify(document)).not.toContain('x-lawrei');
  });

  it('are what docs/openapi.json keeps, and keep the sandbox out of it', () => {
    const kept: OpenAPIObject = JSON.parse(
      readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
    );
    expect(unique(operationsOf(kept).map(({ route }) => route))).toEqual(router);
    expect(JSON.stringify(kept)).not.toMatch(/sandbox\//i);
  });

  it('are served to whoever wants to read them', async () => {
    const page = await app.as().get('/docs');
    const json = await app.as().get('/docs-json');
    expect([page.status, json.status]).toEqual([200, 200]);
    expect(Object.keys(json.body.paths)).toEqual(Object.keys(document.paths));
  });
});
