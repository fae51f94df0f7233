import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Malformed } from './common/domain-error.js';
import { problemOf, type Problem } from './common/problem.filter.js';

/** What Node's HTTP parser calls the mistakes that are more than bad syntax. */
const STATUS_BY_ERROR: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
const TOO_LONG = 414;
const LAST_WORDS_MS = 1_000;
/** What the answers' hooks would say; they do not run for what never became a request of the router. */
const HEADERS = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** Answers what never became a request (garbage, too large headers, too slow a client) on the bare socket, and hangs up. */
export function answerOnSocket(error: Error & { code?: string }, socket: Socket, publicUrl: string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const status = STATUS_BY_ERROR[error.code ?? ''];
  const refusal =
    status === undefined ? new Malformed('This is not a request in HTTP/1.1.') : { statusCode: status };
  if (!socket.writable) return void socket.destroy();
  socket.end(written(problemOf(refusal, { id: randomUUID() }, publicUrl)));
  // Time to read the answer; a client that does not hang up by itself then has the line cut.
  setTimeout(() => socket.destroy(), LAST_WORDS_MS).unref();
}

function written({ status, body }: Problem): string {
  const text = JSON.stringify(body);
  const headers = {
    ...HEADERS,
    'content-length': String(Buffer.byteLength(text)),
    'x-request-id': String(body['requestId']),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`;
}

/** Answers a URL the router cannot read, before any route or hook is found for it. */
export function answerUnroutable(
  error: { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): void {
  const detail = error.statusCode === TOO_LONG ? 'A part of the URL is too long.' : 'The URL cannot be read.';
  const { status, body } = problemOf(new Malformed(detail), request, publicUrl);
  void reply.status(status).headers(HEADERS).header('x-request-id', request.id).send(body);
}
