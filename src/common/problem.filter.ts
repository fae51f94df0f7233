import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, NotFound } from './domain-error.js';
import { reportError } from './error-reports.js';
import { PROBLEMS, type ProblemCode } from './problem.catalogue.js';
import { currentTraceId } from './request-context.js';

const CODES_BY_STATUS: Record<number, ProblemCode> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'payload-too-large',
  414: 'malformed',
  415: 'unsupported-media-type',
  422: 'validation-failed',
  429: 'rate-limited',
  431: 'headers-too-large',
  503: 'unavailable',
};

/** What is told of a request in its refusal; who could not even say a URL has none. */
interface Refused {
  url?: string;
  id: string;
}

/** The body of a refusal and the headers that go with it. */
export interface Problem {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Record<string, unknown>;
}

/** An e-mail address in a path is a person's: it stands in no answer and no log. */
const ADDRESS = /[^/]+(?:@|%40)[^/]+/i;

/** Says any error as a problem document: a refusal in its own words, everything unforeseen as `internal`. */
export function problemOf(error: unknown, request: Refused, publicUrl: string): Problem {
  const refusal = refusalIn(error);
  const code = refusal?.code ?? CODES_BY_STATUS[statusOf(error)] ?? 'internal';
  const { status, title, remedy } = PROBLEMS[code];
  const standard = {
    type: `${publicUrl}/problems/${code}`,
    title,
    status,
    detail: refusal?.detail ?? remedy,
    instance: request.url?.split('?')[0]?.replace(ADDRESS, ':email'),
    code,
    requestId: request.id,
  };
  return {
    status,
    headers: refusal?.headers ?? (code === 'unavailable' ? { 'retry-after': '2' } : {}),
    // First for the order in which people read them, last so that no extra can take their place.
    body: { ...standard, ...refusal?.extras, ...standard },
  };
}

/** An unknown path is told in the same words as a missing thing: which of the two it was is nobody's business. */
function refusalIn(error: unknown): DomainError | null {
  if (error instanceof DomainError) return error;
  return statusOf(error) === 404 ? new NotFound() : null;
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 500 ? status : 500;
}

const codes = new WeakMap<FastifyReply, string>();

/** The code of the refusal that was answered, or undefined. */
export function problemCodeOf(reply: FastifyReply): string | undefined {
  return codes.get(reply);
}

/** Answers every refusal and failure of a route as `application/problem+json`, without stack, SQL or internals. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  constructor(
    private readonly publicUrl: string,
    private readonly allowedMethods: (url: string) => string[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(this.withMethods(error, request, reply), request, this.publicUrl);
    if (problem.status >= 500) {
      const failure = error instanceof Error ? error : new Error('something that is no Error was thrown');
      this.logger.error({
        requestId: request.id,
        traceId: currentTraceId(),
        code: problem.body['code'],
        error: `${failure.name}: ${failure.message}`,
        stack: failure.stack,
      });
      // A database without time is heard of by other ways.
      if (problem.body['code'] === 'internal')
        reportError(failure, { requestId: request.id, route: request.routeOptions.url ?? 'none' });
    }
    codes.set(reply, String(problem.body['code']));
    void reply
      .status(problem.status)
      .headers(problem.headers)
      .header('content-type', 'application/problem+json')
      .header('cache-control', 'no-store')
      .send(problem.body);
  }

  /** A path that exists under another method is 405 with `Allow`, not 404. */
  private withMethods(error: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
    if (!(error instanceof HttpException) || error.getStatus() !== 404) return error;
    const allowed = this.allowedMethods(request.url);
    if (allowed.length === 0 || allowed.includes(request.method)) return error;
    void reply.header('allow', allowed.join(', '));
    return new HttpException('method not allowed', 405);
  }
}
