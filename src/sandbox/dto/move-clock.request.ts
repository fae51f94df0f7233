import { FieldRefused } from '../../common/domain-error.js';
import { Bool, Instant, Int } from '../../common/fields/value.fields.js';
import type { ClockMove } from '../sandbox-clock.service.js';

const TEN_YEARS_IN_MINUTES = 5_259_600;

/** How to move app time: exactly one of the three. */
export class MoveClockRequest {
  @Instant({ optional: true, description: 'App time becomes this instant' })
  now?: Date;

  @Int({ min: 1, max: TEN_YEARS_IN_MINUTES, optional: true, description: 'App time goes on by this' })
  advanceMinutes?: number;

  @Bool({ optional: true, description: 'App time is real time again' })
  reset?: boolean;

  /** Throws when none or several ways were given. */
  toMove(): ClockMove {
    const moves: ClockMove[] = [];
    if (this.now !== undefined) moves.push({ to: this.now });
    if (this.advanceMinutes !== undefined) moves.push({ advanceMinutes: this.advanceMinutes });
    if (this.reset === true) moves.push('reset');
    const [move] = moves;
    if (move === undefined || moves.length > 1) {
      throw new FieldRefused('', 'exactly-one', 'say exactly one of now, advanceMinutes and reset: true');
    }
    return move;
  }
}
