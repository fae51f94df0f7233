import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { ValidationFailed } from '../common/domain-error.js';
import { isReservedName } from '../common/json-body.js';
import { ANY_QUERY_METADATA } from '../common/route.decorators.js';

/** What a route takes besides its path. */
interface Takes {
  query: boolean;
  body: boolean;
}

/**
 * Validation sees only what a route asks for; this refuses what it does not ask for at all: query parameters of a route
 * without any, bodies of a route without one, and parameters named like the members every object has.
 */
export class StrictRequestInterceptor implements NestInterceptor {
  private readonly known = new Map<unknown, Takes>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const start = request.url.indexOf('?');
    const hasBody = typeof request.body === 'object' && request.body !== null;
    if (start === -1 && !hasBody) return next.handle();
    const takes = this.takenBy(context);
    const names = start === -1 ? [] : [...new URLSearchParams(request.url.slice(start + 1)).keys()];
    const unasked = names.filter((name) => isReservedName(name) || !takes.query);
    const fields = hasBody && !takes.body ? Object.keys(request.body ?? {}) : [];
    const unknown = [...unasked, ...fields];
    if (unknown.length > 0) {
      throw new ValidationFailed(
        unknown.slice(0, 20).map((name) => ({
          pointer: `/${name.slice(0, 100)}`,
          code: 'unknown-field',
          detail: 'is not a field of this request',
        })),
      );
    }
    return next.handle();
  }

  private takenBy(context: ExecutionContext): Takes {
    const handler = context.getHandler();
    let takes = this.known.get(handler);
    if (!takes) {
      const parameters: object =
        Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) ?? {};
      const kinds = new Set(Object.keys(parameters).map((key) => key.split(':')[0]));
      const has = (...kind: RouteParamtypes[]) => kind.some((one) => kinds.has(String(one)));
      const anyQuery = Reflect.hasMetadata(ANY_QUERY_METADATA, handler);
      takes = {
        query: anyQuery || has(RouteParamtypes.QUERY, RouteParamtypes.REQUEST),
        body: has(RouteParamtypes.BODY, RouteParamtypes.REQUEST, RouteParamtypes.RAW_BODY),
      };
      this.known.set(handler, takes);
    }
    return takes;
  }
}
