import type { StaffActor } from '../common/actor.js';
import { atLeast } from '../common/actor.js';
import { Forbidden } from '../common/domain-error.js';
import type { HoursInterval } from './slots/slots.types.js';

/** Whose hours: the salon's (null) or one staff member's. */
export type HoursOwner = string | null;

/** Other hours on one local date; no intervals means closed. */
export interface ExceptionalHours {
  readonly date: string;
  readonly intervals: readonly HoursInterval[];
  readonly reason?: string | null | undefined;
}

/** Staff keep their own time; everybody else's takes a manager. Who works here is public, so this is no secret to keep. */
export function mayManageTimeOf(actor: StaffActor, owner: HoursOwner): void {
  const isOwn = owner !== null && actor.resourceId === owner.toLowerCase();
  if (!isOwn && !atLeast(actor.role, 'manager')) throw new Forbidden();
}
