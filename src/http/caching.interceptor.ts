import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { CACHE_METADATA, ETAG_METADATA, type CacheRule } from '../common/route.decorators.js';
import { hashTag, isMatch, versionTag } from './etag.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Puts `ETag`, `Cache-Control` and `Surrogate-Key` on successful answers, and answers 304 to a GET whose caller has them already. */
@Injectable()
export class CachingInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const places = [context.getHandler(), context.getClass()];
    const source = this.reflector.getAllAndOverride<'version' | 'hash' | undefined>(ETAG_METADATA, places);
    const rule = this.reflector.getAllAndOverride<CacheRule | undefined>(CACHE_METADATA, places);
    if (source === undefined && rule === undefined) return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: unknown) => {
        if (rule)
          void reply.headers({
            'cache-control': `public, max-age=${rule.seconds}, stale-while-revalidate=${rule.staleSeconds}`,
            'surrogate-key': rule.surrogateKey,
          });
        return source === undefined ? body : tagged(body, source, request, reply);
      }),
    );
  }
}

function tagged(
  body: unknown,
  source: 'version' | 'hash',
  request: FastifyRequest,
  reply: FastifyReply,
): unknown {
  // Serialised once: what was hashed is what is sent.
  const answer = source === 'hash' ? JSON.stringify(body) : body;
  const tag = typeof answer === 'string' && source === 'hash' ? hashTag(answer) : versionTag(body);
  if (tag === null) return body;
  void reply.header('etag', tag);
  if (
    (request.method === 'GET' || request.method === 'HEAD') &&
    isMatch(request.headers['if-none-match'], tag)
  ) {
    void reply.status(304);
    return undefined;
  }
  if (source === 'hash') void reply.header('content-type', JSON_TYPE);
  return answer;
}
