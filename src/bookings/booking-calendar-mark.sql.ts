import { statement } from '../database/statement.js';

/** $1 booking, $2 id of its event or null. The version stays: whoever read the booking before may still change it. */
export const CALENDAR_MARK = statement(
  'booking-calendar-mark',
  'update booking set calendar_event_id = $2 where id = $1 and calendar_event_id is distinct from $2',
);
