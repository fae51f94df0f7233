import { createHash } from 'node:crypto';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { ActingRequest } from '../common/access.js';
import { holdsCardNumber } from '../common/card-numbers.js';
import { GUEST_BOOKING, PUBLIC, type Actor } from '../common/actor.js';
import { Malformed } from '../common/domain-error.js';
import { IDEMPOTENT_METADATA } from '../common/route.decorators.js';
import { Secrets } from '../config/secrets.service.js';
import { Database } from '../database/database.service.js';
import { TryAgain } from '../database/errors.js';
import { run } from '../database/statement.js';
import { IdempotencyInProgress, IdempotencyKeyReused } from './http.errors.js';
import { IDEMPOTENCY_CLAIM, IDEMPOTENCY_KEEP } from './http.sql.js';
import { idempotencyScope } from './idempotency-scope.js';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

interface KeyedRequest extends FastifyRequest, ActingRequest {
  rawBody?: Buffer;
}

interface Kept {
  request_hash: string;
  status: number;
  body: string;
}

/** Nothing kept: its members are null. */
type Claim = { got: boolean } & (Kept | { request_hash: null });

interface Keyed {
  scope: string;
  key: string;
  requestHash: string;
}

/**
 * A repeated request does nothing twice and gets the first answer again. The request's one transaction is opened here:
 * what the handler changes and the answer that is kept commit together, or neither does. Refusals are not kept, since
 * they changed nothing. Kept answers are encrypted: some hold a guest's manage token.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<KeyedRequest>();
    const key = request.headers['idempotency-key'];
    if (
      key === undefined ||
      !this.reflector.get<boolean | undefined>(IDEMPOTENT_METADATA, context.getHandler())
    )
      return next.handle();
    if (typeof key !== 'string' || !KEY.test(key))
      throw new Malformed('Idempotency-Key must be 1 to 255 printable ASCII characters.');
    return from(
      this.once(this.keyed(request, key), request, context.switchToHttp().getResponse<FastifyReply>(), next),
    );
  }

  /** The handler runs inside the callback, so that its own `transact` joins this transaction. */
  private async once(
    keyed: Keyed,
    request: KeyedRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    return this.database.transact(inWhoseName(request.actor), async (em) => {
      const known = await this.claim(em, keyed);
      if (known) return this.replay(known, keyed, reply);
      const body: unknown = await lastValueFrom(next.handle());
      const text = body === undefined ? '' : JSON.stringify(body);
      const { scope, key, requestHash } = keyed;
      const kept = await run(em, IDEMPOTENCY_KEEP, [
        scope,
        key,
        requestHash,
        reply.statusCode,
        this.secrets.seal(text),
      ]);
      if (kept.length === 0) throw new TryAgain('the same request was answered meanwhile');
      return body;
    });
  }

  /** Holds the key until the transaction ends. */
  private async claim(em: EntityManager, { scope, key }: Keyed): Promise<Kept | null> {
    const [claim] = await run<Claim>(em, IDEMPOTENCY_CLAIM, [scope, key]);
    if (!claim?.got) throw new IdempotencyInProgress();
    return claim.request_hash === null ? null : claim;
  }

  private replay(kept: Kept, { requestHash }: Keyed, reply: FastifyReply): unknown {
    if (kept.request_hash !== requestHash) throw new IdempotencyKeyReused();
    void reply.status(kept.status).header('idempotency-replayed', 'true');
    const text = this.secrets.open(kept.body);
    return text === '' ? undefined : JSON.parse(text);
  }

  private keyed(request: KeyedRequest, key: string): Keyed {
    const scope = idempotencyScope(request.actor ?? PUBLIC, request.body, request.ip, (text) =>
      this.secrets.hmac('idempotency-scope', text),
    );
    const hash = createHash('sha256')
      .update(`${request.method} ${request.url}\n`)
      .update(request.rawBody ?? '');
    // Clients choose their keys freely; one that reads as a card's number is not kept as it is.
    const kept = holdsCardNumber(key) ? this.secrets.hmac('idempotency-key', key) : key;
    return { scope, key: kept, requestHash: hash.digest('hex') };
  }
}

/** The one thing a visitor does with a key is to book: its transaction begins as what the booking acts as, and need not change. */
function inWhoseName(actor: Actor | undefined): Actor {
  return !actor || actor.kind === 'public' ? GUEST_BOOKING : actor;
}
