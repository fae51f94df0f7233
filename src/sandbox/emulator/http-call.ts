import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 1_000_000;

/** A request read to its end. */
export interface HttpCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What is sent back; `json: undefined` means no body. */
export interface HttpAnswer {
  status: number;
  json?: unknown;
  /** Used instead of `json`, as it is. */
  text?: string;
  headers?: Record<string, string>;
}

/** Nobody's request is that large. */
export class BodyTooLarge extends Error {}

/** Throws BodyTooLarge, after reading to the end. */
export async function readCall(request: IncomingMessage): Promise<HttpCall> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Without an encoding set, a request yields Buffers.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  // Only now: leaving the loop early would destroy the request, and with it the connection the refusal goes over.
  if (size > MAX_BODY_BYTES) throw new BodyTooLarge(`body larger than ${MAX_BODY_BYTES} bytes`);
  const url = new URL(request.url ?? '/', 'http://sandbox');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** Says nothing when the caller has already gone. */
export function sendAnswer(response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed) return;
  const hasBody = answer.text !== undefined || answer.json !== undefined;
  response.writeHead(answer.status, {
    ...(hasBody ? { 'content-type': answer.text === undefined ? 'application/json' : 'text/plain' } : {}),
    ...answer.headers,
  });
  response.end(answer.text ?? (hasBody ? JSON.stringify(answer.json) : undefined));
}
