import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ProblemResponse } from './common/problem.response.js';
import { PROBLEMS, type ProblemCode } from './common/problem.catalogue.js';
import { ETAG_EXTENSION, IDEMPOTENT_EXTENSION } from './common/route.decorators.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Answer = Exclude<NonNullable<Operation['responses'][string]>, { $ref: string }>;
type Parameter = Exclude<NonNullable<Operation['parameters']>[number], { $ref: string }>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
const ID = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';

/** Every header that answers can carry besides the usual ones; operations point to them. */
const HEADERS = {
  'X-Request-Id': {
    description: 'Names the request in our logs: the one that was sent, or a new one',
    schema: { type: 'string', example: 'b3a0f6de-52c1-4f0b-9a57-6f3d0c1e8a42' },
  },
  'RateLimit-Policy': {
    description: 'Each limit that counted the request: `q` requests in `w` seconds',
    schema: { type: 'string', example: '"default";q=120;w=60' },
  },
  RateLimit: {
    description: 'What is left of each limit: `r` requests for the next `t` seconds',
    schema: { type: 'string', example: '"default";r=119;t=60' },
  },
  'Retry-After': {
    description: 'Seconds to wait before the next attempt',
    schema: { type: 'string', example: '2' },
  },
  ETag: {
    description: 'Names this state of the answer; send it as If-None-Match or If-Match',
    schema: { type: 'string', example: '"3"' },
  },
  'Idempotency-Replayed': {
    description: '`true` when this is the kept answer to an earlier request with the same Idempotency-Key',
    schema: { type: 'string', example: 'true' },
  },
};
type HeaderName = keyof typeof HEADERS;

/** Refusals of theirs say when to come back. */
const SAYS_WHEN: readonly ProblemCode[] = [
  'rate-limited',
  'unavailable',
  'provider-unavailable',
  'idempotency-in-progress',
  'sign-in-failed',
];

/** Examples of path parameters, which have no field that could carry one. */
const PATH_EXAMPLES: Readonly<Record<string, object>> = {
  id: { format: 'uuid', example: ID },
  bookingId: { format: 'uuid', example: ID },
  customerId: { format: 'uuid', example: ID },
  email: { format: 'email', example: 'ada@example.com' },
  timeOffId: { format: 'uuid', example: ID },
  calendarId: { format: 'uuid', example: ID },
  date: { format: 'date', example: '2030-03-04' },
  code: { example: 'slot-unavailable' },
  seq: { example: '12' },
  key: { example: 'sms.booking_confirmed.en' },
};

/** Adds what holds for every route, because the server around the controllers sees to it: refusals, headers, examples. */
export function withCommonAnswers(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) complete(path, method, operation);
    }
  }
  document.components = { ...document.components, headers: HEADERS };
  return document;
}

function complete(path: string, method: string, operation: Operation): void {
  const isETagged = taken(operation, ETAG_EXTENSION);
  const isIdempotent = taken(operation, IDEMPOTENT_EXTENSION);
  for (const code of commonRefusals(path, operation)) addRefusal(operation, code);
  if (isETagged && method === 'get') {
    operation.responses['304'] = { description: 'Unchanged since the answer whose ETag was sent' };
    operation.parameters = [...(operation.parameters ?? []), IF_NONE_MATCH];
  }
  for (const parameter of operation.parameters ?? []) if (!('$ref' in parameter)) exemplify(parameter);
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!answer || '$ref' in answer) continue;
    const names: HeaderName[] = ['X-Request-Id'];
    if (countsVisibly(path)) names.push('RateLimit', 'RateLimit-Policy');
    if (isETagged && Number(status) < 400) names.push('ETag');
    if (isIdempotent && Number(status) < 400) names.push('Idempotency-Replayed');
    if (SAYS_WHEN.some((code) => mentions(answer, code))) names.push('Retry-After');
    const headers = names.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const);
    answer.headers = { ...answer.headers, ...Object.fromEntries(headers) };
  }
}

const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag of an earlier answer: 304 without a body when nothing has changed',
  schema: { type: 'string', example: '"3"' },
};

/** Whether the route carries the mark; the mark itself is not published. */
function taken(operation: Operation, extension: string): boolean {
  const isMarked = Object.hasOwn(operation, extension);
  if (isMarked) Reflect.deleteProperty(operation, extension);
  return isMarked;
}

/** Whoever watches the process is never refused for asking too often, and providers are not told how often they may. */
const isNeverLimited = (path: string) => path.startsWith('/health/');
const countsVisibly = (path: string) => !isNeverLimited(path) && !path.startsWith('/webhooks/');

function commonRefusals(path: string, { requestBody }: Operation): ProblemCode[] {
  const takesJson = requestBody && 'content' in requestBody && 'application/json' in requestBody.content;
  return [
    ...(takesJson ? (['malformed', 'payload-too-large', 'unsupported-media-type'] as const) : []),
    ...(isNeverLimited(path) ? [] : (['rate-limited'] as const)),
    'unavailable',
  ];
}

const mentions = (answer: Answer, code: ProblemCode) => answer.description.includes(`\`${code}\``);

function addRefusal({ responses }: Operation, code: ProblemCode): void {
  const { status, title } = PROBLEMS[code];
  const known = responses[status];
  const words = `\`${code}\`: ${title}`;
  if (!known || '$ref' in known) {
    const schema = { $ref: getSchemaPath(ProblemResponse) };
    responses[status] = { description: words, content: { 'application/problem+json': { schema } } };
  } else if (!known.content || 'application/problem+json' in known.content) {
    if (!mentions(known, code)) known.description = [known.description, words].filter(Boolean).join('; ');
  }
}

function exemplify(parameter: Parameter): void {
  const given = parameter.in === 'path' ? PATH_EXAMPLES[parameter.name] : undefined;
  if (given) parameter.schema = { ...parameter.schema, ...given };
}
