import type { AccessRule } from '../common/access.js';
import { atLeast, type Actor } from '../common/actor.js';

const OTHERWISE: readonly AccessRule[] = ['webhook', 'collector', 'sandbox'];

/** Routes whose caller proves itself in another way than by a session: a provider's signature, a collector's token, the sandbox's own rule. */
export function provesItself(rules: readonly AccessRule[]): boolean {
  return rules.some((rule) => OTHERWISE.includes(rule));
}

/** Whether a route with these rules is open to the actor. A public route is open to everyone, signed in or not. */
export function mayCall(rules: readonly AccessRule[], actor: Actor): boolean {
  return rules.some((rule) => opens(rule, actor));
}

function opens(rule: AccessRule, actor: Actor): boolean {
  switch (rule) {
    case 'public':
      return true;
    case 'customer':
      return actor.kind === 'customer';
    case 'guest':
      return actor.kind === 'guest';
    case 'webhook':
    case 'collector':
    case 'sandbox':
      return actor.kind === 'public';
    case 'staff':
    case 'reception':
    case 'manager':
    case 'owner':
      return actor.kind === 'staff' && atLeast(actor.role, rule);
  }
}
