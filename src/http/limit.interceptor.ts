import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import type { ActingRequest } from '../common/access.js';
import { PUBLIC } from '../common/actor.js';
import { LIMIT_METADATA, type Limit } from '../common/route.decorators.js';
import { TrafficLimits } from './traffic-limits.js';

/** Counts against the actor the guard found, and against the route's own `@Limited`. */
@Injectable()
export class LimitInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly limits: TrafficLimits,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest & ActingRequest>();
    const actor = request.actor ?? PUBLIC;
    const own = this.reflector.get<Limit | undefined>(LIMIT_METADATA, context.getHandler());
    if (own !== undefined || actor.kind !== 'public') {
      await this.limits.acting(actor, own, request.ip, context.switchToHttp().getResponse<FastifyReply>());
    }
    return next.handle();
  }
}
