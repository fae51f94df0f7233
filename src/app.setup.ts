import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { holdsCardNumber } from './common/card-numbers.js';
import { Malformed, NotFound } from './common/domain-error.js';
import { readJsonBody } from './common/json-body.js';
import { ProblemFilter } from './common/problem.filter.js';
import { withRequestId } from './common/request-context.js';
import { traceIdOf } from './common/traceparent.js';
import { validation } from './common/validation.js';
import type { Config } from './config/config.js';
import { logRequests } from './logging.js';
import { withCommonAnswers } from './openapi.js';
import { Closing } from './operations/closing.js';
import { answerOnSocket, answerUnroutable } from './raw-errors.js';

const LARGEST_BODY = 100_000;
const LARGEST_WEBHOOK = 64_000;
/** A file of two million characters, whatever they are. */
const LARGEST_FILE = 8_000_000;
const LONGEST_URL = 4_000;
/** All that a worker answers: whoever watches the process asks nothing else. */
const PROBES = /^\/(health\/|metrics(\?|$))/;
const WEBHOOKS = '/webhooks/';
const IMPORTS = '/admin/imports/';
const CSV = 'text/csv';
const MAIL = 'message/rfc822';
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;
const REQUEST_ID = /^[A-Za-z0-9._-]{8,100}$/;

/** What pages of the configured origins may send and read. */
const CORS = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'authorization',
    'content-type',
    'idempotency-key',
    'if-match',
    'if-none-match',
    'x-request-id',
  ],
  exposedHeaders: [
    'etag',
    'x-request-id',
    'retry-after',
    'ratelimit',
    'ratelimit-policy',
    'idempotency-replayed',
  ],
};

/** Routes of the running router, as `METHOD url`. */
export type RouteTable = { method: string; url: string }[];
const routeTables = new WeakMap<object, RouteTable>();

/** Every route the router really has, for the tests that hold it against the documents. */
export function routesOf(app: NestFastifyApplication): RouteTable {
  return routeTables.get(app.getHttpAdapter().getInstance()) ?? [];
}

/** The HTTP server with its limits; made before the application so that no route escapes the table. */
export function createAdapter(config: Config): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    trustProxy: config.trustProxy ?? false,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    keepAliveTimeout: 5_000,
    routerOptions: { maxParamLength: 300 },
    http: { maxHeaderSize: 16_384, headersTimeout: 10_000 },
    genReqId: (request: IncomingMessage) => {
      const given = request.headers['x-request-id'];
      const isGood = typeof given === 'string' && REQUEST_ID.test(given) && !holdsCardNumber(given);
      // It goes into logs and rows: of what a client may choose, never a card's number.
      return isGood ? given : randomUUID();
    },
    frameworkErrors: (error: { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) =>
      answerUnroutable(error, request, reply, config.publicUrl),
    clientErrorHandler: (error: Error, socket: Socket) => answerOnSocket(error, socket, config.publicUrl),
  });
  const instance: FastifyInstance = adapter.getInstance();
  const table: RouteTable = [];
  routeTables.set(instance, table);
  instance.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) table.push({ method, url: route.url });
    // Counted while it arrives, so that a body without Content-Length is no longer than one with it.
    if (route.url.startsWith(WEBHOOKS)) route.bodyLimit = LARGEST_WEBHOOK;
    if (route.url.startsWith(IMPORTS)) route.bodyLimit = LARGEST_FILE;
  });
  return adapter;
}

/** Everything between the socket and the controllers; the same for the app, its tests and the documents. */
export async function setUp(app: NestFastifyApplication, config: Config): Promise<void> {
  const instance: FastifyInstance = app.getHttpAdapter().getInstance();
  addRequestHooks(instance, app.get(Closing));
  if (config.role === 'worker') answerProbesOnly(instance);
  logRequests(instance);
  addBodyParsers(app, instance);
  addFileParser(instance);
  addMailParser(instance);
  app.useGlobalPipes(validation());
  app.useGlobalFilters(new ProblemFilter(config.publicUrl, (url) => methodsOf(instance, url)));
  if (config.corsOrigins.length > 0) app.enableCors({ origin: config.corsOrigins, ...CORS });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: config.production,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(compress, { threshold: 1_024, encodings: ['gzip'] });
  if (config.docsEnabled) serveDocs(app, instance);
}

function addRequestHooks(instance: FastifyInstance, closing: Closing): void {
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    withRequestId(request.id, () => done(), traceIdOf(request.headers['traceparent']));
  });
  instance.addHook('preParsing', (request, _reply, payload, done) => {
    if (request.url.length > LONGEST_URL) return done(new Malformed('The URL is too long.'));
    const type = request.headers['content-type'];
    const form = type?.startsWith('application/x-www-form-urlencoded');
    const file = type?.startsWith(CSV);
    const isElsewhere =
      (form && !request.url.startsWith(WEBHOOKS)) || (file && !request.url.startsWith(IMPORTS));
    if (isElsewhere || !isUtf8(type))
      return done(Object.assign(new Error('not JSON in UTF-8'), { statusCode: 415 }));
    done(null, payload);
  });
  instance.addHook('onSend', (_request, reply, payload, done) => {
    if (closing.now) void reply.header('connection', 'close');
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'private, no-store');
    done(null, payload);
  });
}

/** A body says by its silence that it is UTF-8; every other character set is refused rather than misread. */
function isUtf8(contentType: string | undefined): boolean {
  const charset = CHARSET.exec(contentType ?? '')?.[1];
  return charset === undefined || ['utf-8', 'utf8'].includes(charset.toLowerCase());
}

function answerProbesOnly(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    done(PROBES.test(request.url) ? undefined : new NotFound());
  });
}

function addBodyParsers(app: NestFastifyApplication, instance: FastifyInstance): void {
  instance.removeContentTypeParser(['text/plain']);
  app.useBodyParser('application/json', { bodyLimit: LARGEST_BODY }, (_request, body, done) => {
    try {
      done(null, readJsonBody(Buffer.isBuffer(body) ? body : Buffer.from(String(body))));
    } catch (error) {
      done(error instanceof Error ? error : new Malformed('The body cannot be read.'));
    }
  });
}

/** A mail as the body, which has an encoding for each of its parts. */
function addMailParser(instance: FastifyInstance): void {
  instance.addContentTypeParser(MAIL, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, { raw: Buffer.from(body) }),
  );
}

/** A file as the body: its text, as if it had been sent in JSON. */
function addFileParser(instance: FastifyInstance): void {
  instance.addContentTypeParser(CSV, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, { csv: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(body)) });
    } catch {
      done(new Malformed('The file is not UTF-8.'));
    }
  });
}

/** Methods under which a path exists, read off the router's own table. */
function methodsOf(instance: FastifyInstance, url: string): string[] {
  const path = url.split('?')[0] ?? '/';
  const matching = (routeTables.get(instance) ?? []).filter((route) => patternOf(route.url).test(path));
  return [...new Set(matching.map((route) => route.method))].filter((method) => method !== 'OPTIONS');
}

const patterns = new Map<string, RegExp>();

function patternOf(route: string): RegExp {
  let pattern = patterns.get(route);
  if (!pattern) {
    const text = route
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    pattern = new RegExp(`^${text.join('/')}$`);
    patterns.set(route, pattern);
  }
  return pattern;
}

/** The OpenAPI document of the running controllers, without the sandbox's routes. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setTitle('Lawrei')
    .setDescription(
      'Appointments: bookings that cannot collide, messages that are neither lost nor sent twice. Refusals are RFC 9457 problem documents; every code is explained at `/problems/{code}`.',
    )
    .setVersion('1')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, base);
  for (const path of Object.keys(document.paths))
    if (path.startsWith('/sandbox')) delete document.paths[path];
  return withCommonAnswers(document);
}

function serveDocs(app: NestFastifyApplication, instance: FastifyInstance): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    swaggerOptions: { persistAuthorization: true },
  });
  const policy =
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";
  instance.addHook('onSend', (request, reply, payload, done) => {
    if (/^\/docs(\/|$|\?)/.test(request.url)) void reply.header('content-security-policy', policy);
    done(null, payload);
  });
}
