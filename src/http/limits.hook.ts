import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { TrafficLimits } from './traffic-limits.js';

/** Never refused: whoever watches the process must always get an answer. */
const EXEMPT = /^\/(health|metrics)(\/|\?|$)/;
/** Providers call from few addresses and prove themselves by signature; the sandbox exists on a developer's machine only. */
const OTHERWISE_PROVEN = /^\/(webhooks|sandbox)(\/|\?|$)/;

/**
 * The first limit a request meets, before its body is read and before the guard asks the database: by address, 60 a
 * minute without a token. With a token only the address's ceiling is counted here; the actor's own limit follows in
 * `LimitInterceptor`, once the guard knows who it is.
 */
@Injectable()
export class LimitsHook implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly limits: TrafficLimits,
  ) {}

  onModuleInit(): void {
    const instance: FastifyInstance = this.host.httpAdapter.getInstance();
    instance.addHook('onRequest', (request, reply) => this.meet(request, reply));
  }

  private async meet(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (EXEMPT.test(request.url)) return;
    const isKnownLater = request.headers.authorization !== undefined || OTHERWISE_PROVEN.test(request.url);
    if (isKnownLater) await this.limits.flood(request.ip);
    else await this.limits.anonymous(request.ip, reply);
  }
}
