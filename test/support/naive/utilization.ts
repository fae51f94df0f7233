import {
  grouped,
  dateOf,
  DAY,
  isoWeekday,
  MINUTE,
  periodOf,
  plusDays,
  share,
  sum,
  wall,
  type Question,
  type RawRows,
  type Stretch,
} from './rows.js';

type Intervals = readonly { from: string; to: string }[];

interface Cell {
  staffId: string;
  name: string;
  date: string;
  bookable: number;
  booked: number;
  gaps: { start: number; minutes: number }[];
}

const known = new WeakMap<RawRows, Map<string, ReturnType<typeof counted>>>();

/** As docs/analytics.md says of `utilization`: minute by minute. That takes long, so the same question is worked out once. */
export function utilization(data: RawRows, { from, to, granularity, staffId }: Question) {
  const answers = known.get(data) ?? new Map<string, ReturnType<typeof counted>>();
  known.set(data, answers);
  const asked = { from, to, granularity, staffId };
  const key = JSON.stringify(asked);
  const answer = answers.get(key) ?? counted(data, asked);
  answers.set(key, answer);
  return answer;
}

function counted(data: RawRows, question: Question) {
  const cells = data.staff
    .filter(({ id, active }) => active && (!question.staffId || id === question.staffId))
    .flatMap(({ id, name }) => cellsOf(data, question, { id, name }));
  const used = (rows: readonly Cell[]) => {
    const [bookableMinutes, bookedMinutes] = [
      sum(rows, (row) => row.bookable),
      sum(rows, (row) => row.booked),
    ];
    return { bookableMinutes, bookedMinutes, utilization: share(bookedMinutes, bookableMinutes) };
  };
  const by = (keyOf: (cell: Cell) => string) => Object.entries(Object.groupBy(cells, keyOf));
  return {
    total: used(cells),
    staff: Object.fromEntries(by(({ staffId }) => staffId).map(([key, rows = []]) => [key, used(rows)])),
    periods: Object.fromEntries(
      by(
        (cell) => `${cell.staffId}/${periodOf(new Date(`${cell.date}T17:00:00Z`), question.granularity)}`,
      ).map(([key, rows = []]) => [key, used(rows)]),
    ),
    gaps: cells.flatMap(({ staffId, gaps }) => gaps.map((gap) => ({ staffId, ...gap }))),
  };
}

function cellsOf(data: RawRows, question: Question, { id, name }: { id: string; name: string }): Cell[] {
  const away = minutesOf(data.away.filter((row) => row.resource_id === id || row.resource_id === null));
  const taken = minutesOf(data.taken.filter((row) => row.resource_id === id));
  const booked = new Map(
    grouped(
      data.bookings.filter(
        (row) => row.resource_id === id && ['confirmed', 'completed'].includes(row.status),
      ),
      (row) => dateOf(row.starts_at),
    ),
  );
  // What began the evening before may go on after midnight.
  const windows = between(plusDays(question.from, -1), question.to).flatMap((date) =>
    windowsOf(data, id, date),
  );
  return between(question.from, question.to).map((date) => {
    const free = windows
      .filter((window) => window.date === date)
      .map(({ minutes }) => minutes.filter((minute) => !away.has(minute)));
    const open = new Set(free.flat());
    const gaps = runsOf([...open].filter((minute) => !taken.has(minute)));
    return {
      ...{ staffId: id, name, date, bookable: open.size },
      booked: sum(
        booked.get(date) ?? [],
        (row) => (row.ends_at.getTime() - row.starts_at.getTime()) / MINUTE,
      ),
      gaps: gaps.filter(({ minutes }) => minutes >= 30),
    };
  });
}

/** The salon's windows and the person's, each of any date around, and where they meet; it counts for the day on which that begins. */
function windowsOf(data: RawRows, id: string, date: string) {
  const near = [plusDays(date, -1), date];
  const salon = near.flatMap((day) => intervalsOn(data, null, day).map((interval) => spanOf(day, interval)));
  const own = near.flatMap((day) =>
    (ownIntervals(data, id, day) ?? intervalsOn(data, null, day)).map(
      (interval) => new Set(spanOf(day, interval)),
    ),
  );
  return salon
    .flatMap((a) => own.map((b) => a.filter((minute) => b.has(minute))))
    .filter((minutes) => minutes.length > 0)
    .map((minutes) => ({ minutes, date: dateOf(new Date((minutes[0] ?? 0) * MINUTE)) }))
    .filter((window) => window.date === date);
}

function ownIntervals(data: RawRows, id: string, date: string): Intervals | null {
  const hasOwn = data.weekly.some((row) => row.resource_id === id);
  const isException = data.exceptions.some((row) => row.resource_id === id && row.date === date);
  return hasOwn || isException ? intervalsOn(data, id, date) : null;
}

function intervalsOn(data: RawRows, id: string | null, date: string): Intervals {
  const exception = data.exceptions.find((row) => row.resource_id === id && row.date === date);
  if (exception) return exception.intervals;
  return data.weekly
    .filter((row) => row.resource_id === id && row.weekday === isoWeekday(date))
    .map(({ opens_at, closes_at }) => ({ from: opens_at, to: closes_at }));
}

/** Every minute of an interval of wall-clock times that begins on a date. A time that is skipped is as long after the gap. */
function spanOf(date: string, { from, to }: { from: string; to: string }): number[] {
  const opens = minuteOn(date, from);
  const closes = to <= from ? minuteOn(plusDays(date, 1), to) : minuteOn(date, to);
  return Array.from({ length: Math.max(0, closes - opens) }, (_, at) => opens + at);
}

const minutes = new Map<string, number>();

/** The first minute whose wall clock shows it; where none does, the clock was put forward over it by an hour. */
function minuteOn(date: string, time: string): number {
  const found = minutes.get(`${date} ${time}`) ?? searchedMinute(date, time);
  minutes.set(`${date} ${time}`, found);
  return found;
}

function searchedMinute(date: string, time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const wanted = Date.parse(`${date}T00:00:00Z`) / MINUTE + hours * 60 + minutes;
  for (let minute = wanted + 180; minute <= wanted + 360; minute += 1)
    if (wall(minute) === wanted) return minute;
  return searchedMinute(date, `${hours + 1}:${minutes}`);
}

function minutesOf(stretches: readonly Stretch[]): Set<number> {
  const minutes = new Set<number>();
  for (const { starts_at, ends_at } of stretches)
    for (let at = starts_at.getTime() / MINUTE; at < ends_at.getTime() / MINUTE; at += 1) minutes.add(at);
  return minutes;
}

function runsOf(minutes: readonly number[]): { start: number; minutes: number }[] {
  const runs: { start: number; minutes: number }[] = [];
  for (const minute of minutes.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last.start + last.minutes === minute) last.minutes += 1;
    else runs.push({ start: minute, minutes: 1 });
  }
  return runs;
}

function between(from: string, to: string): string[] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY + 1;
  return Array.from({ length: days }, (_, at) => plusDays(from, at));
}

/** Whether the salon has opened by then, by its hours of that day or the evening before. */
export function salonIsOpen(data: RawRows, at: Date): boolean {
  const minute = Math.floor(at.getTime() / MINUTE);
  const date = dateOf(at);
  return [plusDays(date, -1), date].some((day) =>
    intervalsOn(data, null, day).some(({ from, to }) => {
      const closes = to <= from ? minuteOn(plusDays(day, 1), to) : minuteOn(day, to);
      return minute >= minuteOn(day, from) && minute < closes;
    }),
  );
}
