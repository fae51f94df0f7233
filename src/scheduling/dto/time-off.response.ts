import { Out } from '../../common/fields/response.fields.js';
import { formatWithOffset } from '../../common/time/format.js';
import type { TimeOff } from '../entities/time-off.entity.js';
import type { GrantedTimeOff, InZone } from '../time-off.service.js';

/** An absence, in the salon's time zone. */
export class TimeOffResponse {
  @Out.id() id!: string;
  @Out.id() staffId!: string;
  @Out.instant() start!: string;
  @Out.instant() end!: string;
  @Out.text({ nullable: true }) reason!: string | null;

  static from(row: TimeOff, zone: string): TimeOffResponse {
    return Object.assign(new TimeOffResponse(), shown(row, zone));
  }
}

/** A new absence, with the bookings that stand in it and now need somebody's attention. */
export class AddedTimeOffResponse extends TimeOffResponse {
  @Out.texts({ description: 'Ids of bookings that stand in this time, at most 100' })
  overlapsBookings!: string[];

  static granted({ value, zone }: InZone<GrantedTimeOff>): AddedTimeOffResponse {
    const { timeOff, overlapsBookings } = value;
    return Object.assign(new AddedTimeOffResponse(), shown(timeOff, zone), {
      overlapsBookings: [...overlapsBookings],
    });
  }
}

function shown(row: TimeOff, zone: string): TimeOffResponse {
  return {
    id: row.id,
    staffId: row.resourceId,
    start: formatWithOffset(row.startsAt, zone),
    end: formatWithOffset(row.endsAt, zone),
    reason: row.reason ?? null,
  };
}
