import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS_METADATA, type AccessRule, type ActingRequest } from '../common/access.js';
import { PUBLIC, type Actor } from '../common/actor.js';
import { Forbidden, Unauthenticated } from '../common/domain-error.js';
import { AccessTokens } from './access-tokens.js';
import { mayCall, provesItself } from './access-rules.js';
import { Denials } from './denials.js';
import { Sessions } from './sessions.service.js';

interface GuardedRequest extends ActingRequest {
  readonly method: string;
  readonly headers: { readonly authorization?: string };
  readonly routeOptions: { readonly url?: string };
}

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/**
 * The one guard of every route, closed by default: token → session row → actor → `@Access`. A token that is sent must be
 * valid, on public routes too: nobody is quietly served as somebody else than they say. Forged and expired tokens are
 * refused before the database is asked.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
    private readonly sessions: Sessions,
    private readonly denials: Denials,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rules = this.reflector.getAllAndOverride<AccessRule[] | undefined>(ACCESS_METADATA, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!rules) throw new Forbidden();
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const actor = provesItself(rules) ? PUBLIC : await this.actorOf(request.headers.authorization);
    if (!mayCall(rules, actor)) throw await this.refusal(actor, request);
    request.actor = actor;
    return true;
  }

  private async actorOf(authorization: string | undefined): Promise<Actor> {
    if (authorization === undefined) return PUBLIC;
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) throw new Unauthenticated();
    return this.sessions.actorOf(await this.tokens.verify(token));
  }

  private async refusal(actor: Actor, request: GuardedRequest): Promise<Error> {
    if (actor.kind === 'public') return new Unauthenticated();
    await this.denials.record(actor, `${request.method} ${request.routeOptions.url ?? ''}`);
    return new Forbidden();
  }
}
