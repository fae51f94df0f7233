/** Staff roles from the least to the most allowed (docs/architecture.md, Roles). */
export const STAFF_ROLES = ['staff', 'reception', 'manager', 'owner'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

/** The only callers that may act as the system itself (docs/architecture.md, Roles). */
export const SYSTEM_CALLERS = [
  'worker',
  'webhook',
  'sign-in',
  'manage-link',
  'guest-booking',
  'privacy',
  'boot',
] as const;
export type SystemCaller = (typeof SYSTEM_CALLERS)[number];

/** Nobody in particular: a visitor without a token. Sees no personal data at all. */
export interface PublicActor {
  readonly kind: 'public';
}
/** A signed-in customer; sees the rows of one customer. */
export interface CustomerActor {
  readonly kind: 'customer';
  readonly customerId: string;
  readonly sessionId: string;
  /** Whether a code was proven in this session just now: what leaves no way back asks for that (`StepUpRequired`). */
  readonly isFresh: boolean;
  /** What was over before is not shown: the number it was signed in with may have been somebody else's then. */
  readonly historyFrom: Date | null;
}
/** The holder of a manage link: one booking and nothing else. */
export interface GuestActor {
  readonly kind: 'guest';
  readonly bookingId: string;
  readonly sessionId: string;
}
/** A member of staff; `resourceId` is their own calendar, if they have one. */
export interface StaffActor {
  readonly kind: 'staff';
  readonly accountId: string;
  readonly role: StaffRole;
  readonly resourceId: string | null;
  readonly sessionId: string;
}
/** The application itself, on behalf of a named caller. */
export interface SystemActor {
  readonly kind: 'system';
  readonly caller: SystemCaller;
}

export type Actor = PublicActor | CustomerActor | GuestActor | StaffActor | SystemActor;

export const PUBLIC: PublicActor = { kind: 'public' };
/** Background work: outbox handlers, sweepers, schedules. Runs on the worker pool. */
export const WORKER: SystemActor = { kind: 'system', caller: 'worker' };
/** A provider's delivery whose signature was verified. */
export const WEBHOOK: SystemActor = { kind: 'system', caller: 'webhook' };
/** Sign-in, before anybody is known. */
export const SIGN_IN: SystemActor = { kind: 'system', caller: 'sign-in' };
/** Exchange of a manage link, before the guest is known. */
export const MANAGE_LINK: SystemActor = { kind: 'system', caller: 'manage-link' };
/** Creation of a guest's booking: the guest exists only once it is made. */
export const GUEST_BOOKING: SystemActor = { kind: 'system', caller: 'guest-booking' };
/** Gathers what is held about a person, once it is certain that the caller may have it. */
export const PRIVACY: SystemActor = { kind: 'system', caller: 'privacy' };
/** First rows of an empty database. */
export const BOOT: SystemActor = { kind: 'system', caller: 'boot' };

/** Whether a staff role includes another: every role may what the ones before it may. */
export function atLeast(role: StaffRole, needed: StaffRole): boolean {
  return STAFF_ROLES.indexOf(role) >= STAFF_ROLES.indexOf(needed);
}

/** The id under which an actor appears in logs, audit rows and history; never a name or a contact. */
export function actorId(actor: Actor): string | null {
  switch (actor.kind) {
    case 'customer':
      return actor.customerId;
    case 'guest':
      return actor.bookingId;
    case 'staff':
      return actor.accountId;
    case 'system':
      return null;
    case 'public':
      return null;
  }
}
