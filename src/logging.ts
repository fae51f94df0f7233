import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Params } from 'nestjs-pino';
import type { ActingRequest } from './common/access.js';
import { actorId } from './common/actor.js';
import { traceIdOf } from './common/traceparent.js';
import type { Config } from './config/config.js';

/** Probes come every second and tell nothing. */
const SILENT = /^\/(health|metrics)(\/|$)/;

/** Structured logs; pretty ones for people at a terminal. What a request logs is written by `logRequests` alone. */
export function loggingOf(config: Config): Params {
  return {
    pinoHttp: {
      level: config.logLevel,
      autoLogging: false,
      quietReqLogger: true,
      ...(!config.production && process.stdout.isTTY
        ? {
            transport: {
              target: 'pino-pretty',
              options: { singleLine: true, ignore: 'pid,hostname,context' },
            },
          }
        : {}),
    },
  };
}

/**
 * One line for each request, by an allow-list: request id, the caller's trace, method, route template, status, duration, who by id. Never a
 * URL, a header or a body, since these carry names, addresses and tokens.
 */
export function logRequests(instance: FastifyInstance): void {
  const logger = new Logger('Request');
  instance.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (!SILENT.test(route)) {
      const { actor }: ActingRequest = request as ActingRequest;
      logger.log({
        requestId: request.id,
        traceId: traceIdOf(request.headers['traceparent']),
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        actor: actor?.kind ?? 'none',
        actorId: actor ? actorId(actor) : null,
      });
    }
    done();
  });
}
