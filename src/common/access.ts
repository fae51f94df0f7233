import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Actor, StaffRole } from './actor.js';

/**
 * Who may call a route. A staff role includes the roles above it; `webhook`, `collector` and `sandbox` routes prove their caller
 * themselves (a signature, a token of its own, the sandbox's absence in production).
 */
export type AccessRule = 'public' | 'customer' | 'guest' | 'webhook' | 'collector' | 'sandbox' | StaffRole;

export const ACCESS_METADATA = 'lawrei:access';

/** Opens a route to the named callers; a route without one stops the start. */
export const Access = (...rules: [AccessRule, ...AccessRule[]]) => SetMetadata(ACCESS_METADATA, rules);

/** A request as the guard leaves it. */
export interface ActingRequest {
  actor?: Actor;
}

/** The actor the guard found for this request. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<ActingRequest>();
  if (!request.actor) throw new Error('a route ran without the access guard');
  return request.actor;
});
