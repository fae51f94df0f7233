import { atLeast, type Actor, type StaffRole } from '../common/actor.js';
import { Forbidden } from '../common/domain-error.js';

/** Nobody grants above their own role (docs/architecture.md, Roles); the system, at boot and on the command line, grants any. */
export function mayGrant(actor: Actor, role: StaffRole): boolean {
  if (actor.kind === 'system') return true;
  return actor.kind === 'staff' && atLeast(actor.role, role);
}

/** Throws `Forbidden` unless the actor may grant every one of these roles: the one an account has, and the one it gets. */
export function refuseGrant(actor: Actor, ...roles: readonly StaffRole[]): void {
  if (!roles.every((role) => mayGrant(actor, role))) throw new Forbidden();
}
