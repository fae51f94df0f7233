import { Injectable } from '@nestjs/common';
import { actorId, type Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { AuditLog } from '../audit/audit.service.js';

const QUIET_MS = 60_000;
const MOST_A_MINUTE = 120;

/**
 * Writes down who was refused what. One row a minute for the same caller and route, and at most 120 a minute in all:
 * somebody who knocks a thousand times is on record without filling the log.
 */
@Injectable()
export class Denials {
  private readonly recent = new Set<string>();
  private minuteEnds = 0;

  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** Commits before the refusal is answered. */
  async record(actor: Actor, route: string): Promise<void> {
    if (!this.isNew(`${actor.kind}/${actorId(actor)}/${route}`)) return;
    await this.audit.recordApart(actor, { action: 'access.denied', details: { route } });
  }

  private isNew(key: string): boolean {
    const now = this.clock.realNow().getTime();
    if (now >= this.minuteEnds) {
      this.recent.clear();
      this.minuteEnds = now + QUIET_MS;
    }
    if (this.recent.has(key) || this.recent.size >= MOST_A_MINUTE) return false;
    this.recent.add(key);
    return true;
  }
}
