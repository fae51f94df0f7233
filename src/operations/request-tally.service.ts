import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WORKER } from '../common/actor.js';
import { requestSeconds } from '../common/metrics.js';
import { problemCodeOf } from '../common/problem.filter.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { RecurringWork } from '../outbox/recurring-work.service.js';
import { TALLY_ADD, TALLY_PRUNE } from './request-tally.sql.js';

const FLUSH_MS = 10_000;
const DAY_MS = 24 * 3_600_000;
/** Asked every second by machines, or of a developer's machine only: measured, not counted. */
const UNCOUNTED = /^\/(health|metrics|docs|docs-json|sandbox)(\/|$)/;

/**
 * Measures every request for monitors, and counts it for the salon's own figures: how often each route was asked on a day and how it
 * answered. Counts are written every ten seconds and at the end; a process that is killed loses its last ones.
 */
@Injectable()
export class RequestTallies implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RequestTallies.name);
  private counts = new Map<string, number>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly database: Database,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    const instance: FastifyInstance = this.host.httpAdapter.getInstance();
    instance.addHook('onResponse', (request, reply, done) => {
      this.count(request, reply);
      done();
    });
    this.recurring.every(DAY_MS, 'prune-tallies', () =>
      this.database.transact(WORKER, (em) => run(em, TALLY_PRUNE)),
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.flush();
  }

  /** Writes down what was counted; what cannot be written now is kept for the next time. */
  async flush(): Promise<void> {
    if (this.counts.size === 0) return;
    const counts = this.counts;
    this.counts = new Map();
    const rows = [...counts].map(([key, requests]) => {
      const [method, route, outcome] = key.split(' ');
      return { method, route, outcome, requests };
    });
    try {
      await this.database.transact(WORKER, (em) => run(em, TALLY_ADD, [JSON.stringify(rows)]));
    } catch (error) {
      for (const [key, requests] of counts) this.counts.set(key, (this.counts.get(key) ?? 0) + requests);
      this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' });
    }
  }

  private count(request: FastifyRequest, reply: FastifyReply): void {
    const { method } = request;
    // A path that is no route may be anything, and so may be as many as somebody likes.
    const route = request.routeOptions.url ?? 'none';
    const status = String(reply.statusCode);
    requestSeconds.observe({ method, route, status }, reply.elapsedTime / 1_000);
    if (route === 'none' || UNCOUNTED.test(route)) return;
    const key = `${method} ${route} ${problemCodeOf(reply) ?? 'ok'}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }
}
