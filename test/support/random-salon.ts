import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill/implementation';
import type {
  HoursInterval,
  SlotCandidate,
  SlotSearch,
  WorkingHours,
} from '../../src/scheduling/slots/slots.types.js';

const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Asia/Kathmandu',
  'America/Nuuk',
  'Atlantic/Azores',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Antarctica/Troll',
  'Pacific/Kiritimati',
  'UTC',
];

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Any stretch of a day, also past midnight and up to 24:00; often ordinary opening hours, so that slots exist at all. */
const interval: fc.Arbitrary<HoursInterval> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.integer({ min: 12, max: 44 }), fc.integer({ min: 45, max: 96 }))
      .map(([from, to]) => ({ from: clock(from * 15), to: clock(to * 15) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1440 }))
      .map(([from, to]) => ({ from: clock(from), to: clock(to) })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { from: '00:00', to: '24:00' },
      { from: '00:00', to: '00:00' },
      { from: '22:00', to: '02:00' },
      { from: '00:00', to: '06:00' },
      { from: '01:15', to: '02:45' },
    ),
  },
);

const intervals = (minLength: number) => fc.array(interval, { minLength, maxLength: 3 });

const weekly: fc.Arbitrary<Record<number, HoursInterval[]>> = fc
  .tuple(...Array.from({ length: 7 }, () => fc.option(intervals(1), { freq: 6 })))
  .map((days) =>
    Object.fromEntries(days.flatMap((day, index) => (day === null ? [] : [[index + 1, day] as const]))),
  );

function hours(dates: readonly string[], canBeMissing: boolean): fc.Arbitrary<WorkingHours> {
  const exceptions = fc
    .array(fc.tuple(fc.constantFrom(...dates), intervals(0)), { maxLength: 2 })
    .map((entries) => Object.fromEntries(entries));
  return fc.record({
    weekly: canBeMissing ? fc.option(weekly, { freq: 2 }) : weekly,
    exceptions: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: exceptions }),
  });
}

function candidate(dates: readonly string[], base: number): fc.Arbitrary<Omit<SlotCandidate, 'staffId'>> {
  const block = fc
    .tuple(fc.integer({ min: -1500, max: 5800 }), fc.integer({ min: 0, max: 400 }))
    .map(([start, length]) => [base + start, base + start + length]);
  const sorted = fc
    .array(block, { maxLength: 8 })
    .map((blocks) => blocks.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)).flat());
  return fc.record({
    hours: hours(dates, true),
    durationMinutes: fc.option(fc.integer({ min: 5, max: 180 }), { freq: 1 }),
    busy: fc.oneof(
      sorted,
      sorted.map((pairs) => Int32Array.from(pairs)),
      fc.array(block, { maxLength: 4 }).map((b) => b.flat()),
    ),
  });
}

/** Days on which the clocks of the zone change in 2030, if any. */
function changesOfClocks(zone: string): string[] {
  const dates: string[] = [];
  const end = Temporal.Instant.from('2031-01-01T00:00Z');
  let at = Temporal.Instant.from('2030-01-01T00:00Z').toZonedDateTimeISO(zone).getTimeZoneTransition('next');
  for (
    ;
    at !== null && Temporal.Instant.compare(at.toInstant(), end) < 0;
    at = at.getTimeZoneTransition('next')
  ) {
    dates.push(at.toPlainDate().toString());
  }
  return dates;
}

const place = fc.constantFrom(...ZONES).chain((zone) =>
  fc.record({
    zone: fc.constant(zone),
    displayZone: fc.oneof(fc.constant(zone), fc.constantFrom(...ZONES)),
    middle: fc.constantFrom(
      '2030-03-04',
      '2030-02-28',
      '2030-12-31',
      ...changesOfClocks(zone),
      ...changesOfClocks(zone),
    ),
    first: fc.integer({ min: -2, max: 0 }),
    days: fc.integer({ min: 0, max: 2 }),
  }),
);

const service = fc.record({
  durationMinutes: fc.oneof(fc.constantFrom(30, 60, 90), fc.integer({ min: 5, max: 300 })),
  bufferBeforeMinutes: fc.constantFrom(0, 0, 5, 10, 45),
  bufferAfterMinutes: fc.constantFrom(0, 0, 5, 15, 60),
  stepMinutes: fc.constantFrom(5, 10, 15, 20, 25, 30, 30, 45, 50, 60, 90, 240),
});

/** Any salon around the change of clocks of any zone, with a question of one to three days. */
export const randomSalon: fc.Arbitrary<SlotSearch> = place.chain(
  ({ zone, displayZone, middle, first, days }) => {
    const from = Temporal.PlainDate.from(middle).add({ days: first });
    const dates = Array.from({ length: days + 3 }, (_, index) => from.add({ days: index - 1 }).toString());
    const base = from.toZonedDateTime('UTC').epochMilliseconds / 60_000;
    return fc.record({
      zone: fc.constant(zone),
      displayZone: fc.constant(displayZone),
      from: fc.constant(from.toString()),
      to: fc.constant(from.add({ days }).toString()),
      now: fc
        .integer({ min: -5000, max: 3000 })
        .chain((minutes) =>
          fc
            .integer({ min: 0, max: 59_999 })
            .map((ms) => new Date((base + minutes) * 60_000 + (ms % 3 === 0 ? 0 : ms))),
        ),
      service,
      businessHours: hours(dates, false),
      candidates: fc
        .array(candidate(dates, base), { maxLength: 4 })
        .map((people) => people.map((person, index) => ({ ...person, staffId: `staff-${(index * 3) % 4}` }))),
      noticeMinutes: fc.constantFrom(null, 0, 120, 120, 1440),
      horizonDays: fc.constantFrom(null, 60, 60, 3, 1, 0),
      bufferMayExceedHours: fc.boolean(),
    });
  },
);
