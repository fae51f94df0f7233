import { Crowd, type Call, type Reply } from './http-client.js';
import { Random } from './random.js';
import {
  aRaceSalon,
  at,
  faultsIn,
  guestBooking,
  missingAlternatives,
  tokenOfOwner,
  type Arena,
  type RaceSalon,
} from './stampede-salon.js';

/** How a series of races of one kind went. */
export interface Races {
  rounds: number;
  /** From the first request sent to the last answer of a round. */
  slowestRoundMs: number;
  medianRoundMs: number;
  faults: string[];
}

interface Round {
  tookMs: number;
  faults: string[];
}

interface Track {
  arena: Arena;
  crowd: Crowd;
  random: Random;
  token: string;
}

const RACERS = 50;

/** Hours of one day that do not touch each other, then the next day. */
const hourOf = (salon: RaceSalon, round: number): string =>
  at(salon.noon, Math.floor(round / 6) * 1440 + ((round % 6) - 2) * 60);

/** Fifty visitors for one free hour, round after round. */
export async function createRaces(arena: Arena, seed: number, rounds: number): Promise<Races> {
  return series(arena, seed, rounds, async (track) => {
    const salon = await aRaceSalon(arena, { staff: 1 });
    return (round) => race(track, creations(salon, hourOf(salon, round), RACERS), 1);
  });
}

/** Fifty appointments of five people, all moved into one free hour of one of them, round after round. */
export async function moveRaces(arena: Arena, seed: number, rounds: number): Promise<Races> {
  return series(arena, seed, rounds, async (track) => {
    const salon = await aRaceSalon(arena, { staff: 5 });
    const ids: string[] = [];
    for (let index = 0; index < RACERS; index += 1) {
      const start = at(
        salon.noon,
        (40 + Math.floor(index / 30)) * 1440 + ((Math.floor(index / 5) % 6) - 2) * 60,
      );
      const booking = creation(salon, start, salon.staffIds[index % 5]);
      ids.push(String((await track.crowd.expect(201, booking)).id));
    }
    return (round) => {
      const body = { start: hourOf(salon, round), staffId: track.random.pick(salon.staffIds) };
      const moves = ids.map((id): Call => ({
        method: 'PUT',
        path: `/admin/bookings/${id}/reschedule`,
        body,
        token: track.token,
      }));
      return race(track, moves, 1);
    };
  });
}

/** The hold on an hour runs out while the reception confirms it without payment and visitors want it: one of them gets it. */
export async function confirmRaces(arena: Arena, seed: number, rounds: number): Promise<Races> {
  return series(arena, seed, rounds, async (track) => {
    const salon = await aRaceSalon(arena, { staff: 1, paymentPolicy: 'full' });
    return async (round) => {
      const start = hourOf(salon, round);
      const held = await track.crowd.expect(201, creation(salon, start));
      const path = `/admin/bookings/${held.id}/waive-payment`;
      const confirm: Call = {
        method: 'POST',
        path,
        body: { reason: 'pays at the counter' },
        token: track.token,
      };
      const visitors = creations(salon, start, RACERS / 2);
      const racers = [...visitors, ...Array.from({ length: RACERS / 2 }, () => confirm)];
      return race(track, track.random.shuffled(racers), 1, () =>
        runsOutIn(arena, held.holdExpiresAt, track.random.int(0, 60)),
      );
    };
  });
}

/**
 * A few visitors for a free hour while its person is marked away: whoever books first is named by all time off, and after time
 * off nobody books. Few racers, so that the two meet in the short while between looking and writing.
 */
export async function timeOffRaces(arena: Arena, seed: number, rounds: number): Promise<Races> {
  return series(arena, seed, rounds, async (track) => {
    const salon = await aRaceSalon(arena, { staff: 1 });
    const path = `/admin/staff/${salon.staffIds[0]}/time-off`;
    return async (round) => {
      const start = hourOf(salon, round);
      const body = { start, end: at(new Date(start), 60) };
      const absences = Array.from({ length: 3 }, (): Call => ({
        method: 'POST',
        path,
        body,
        token: track.token,
      }));
      const visitors = creations(salon, start, 3);
      const racers = track.random.shuffled([...absences, ...visitors]);
      const { replies, tookMs } = await together(track, racers);
      const of = (calls: readonly Call[]) =>
        replies.filter((_, index) => calls.includes(racers[index] as Call));
      return { tookMs, faults: unseenBookings(of(visitors), of(absences)) };
    };
  });
}

function unseenBookings(visits: readonly Reply[], absences: readonly Reply[]): string[] {
  const booked = visits.filter(({ status }) => status === 201).map(({ body }) => String(body.id));
  return [
    ...faultsIn(visits, ['slot-unavailable'], [201]),
    ...faultsIn(absences, [], [201]),
    ...(booked.length > 1 ? [`${booked.length} bookings of one hour`] : []),
    ...absences
      .filter(({ body }) => booked.some((id) => !body.overlapsBookings?.includes(id)))
      .map(() => 'a booking was made in time off that did not know of it'),
  ];
}

/** Moves app time so that the hold ends that many milliseconds from now. */
async function runsOutIn({ sql }: Arena, holdExpiresAt: string, ms: number): Promise<void> {
  await sql(
    `update app_clock set offset_ms = (extract(epoch from $1::timestamptz - clock_timestamp()) * 1000)::bigint - $2::int`,
    [holdExpiresAt, ms],
  );
}

function creation(salon: RaceSalon, start: string, staffId?: string): Call {
  return { method: 'POST', path: '/api/bookings', body: guestBooking(salon, start, staffId) };
}

function creations(salon: RaceSalon, start: string, count: number): Call[] {
  return Array.from({ length: count }, () => creation(salon, start));
}

async function race(
  track: Track,
  calls: readonly Call[],
  winners: number,
  last?: () => Promise<void>,
): Promise<Round> {
  const { replies, tookMs } = await together(track, calls, last);
  return { tookMs, faults: faultsOf(replies, winners) };
}

/** Sends all calls at the same moment, on connections that stand already; the answers come in their order. */
async function together({ crowd }: Track, calls: readonly Call[], last?: () => Promise<void>) {
  await crowd.gather(calls.length);
  await last?.();
  const began = performance.now();
  const replies = await Promise.all(calls.map((call) => crowd.call(call)));
  return { tookMs: performance.now() - began, replies };
}

function faultsOf(replies: readonly Reply[], winners: number): string[] {
  const won = replies.filter(({ status }) => status === 200 || status === 201);
  return [
    ...faultsIn(replies, ['slot-unavailable', 'invalid-transition', 'hold-expired'], [200, 201]),
    ...missingAlternatives(replies),
    ...(won.length === winners ? [] : [`${won.length} winners instead of ${winners}`]),
  ];
}

async function series(
  arena: Arena,
  seed: number,
  rounds: number,
  prepare: (track: Track) => Promise<(round: number) => Promise<Round>>,
): Promise<Races> {
  const crowd = new Crowd(arena.urls);
  try {
    const track = { arena, crowd, random: new Random(seed), token: await tokenOfOwner(crowd, arena) };
    const run = await prepare(track);
    const done: Round[] = [];
    for (let round = 0; round < rounds; round += 1) done.push(await run(round));
    const times = done.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
    return {
      rounds,
      slowestRoundMs: times.at(-1) ?? 0,
      medianRoundMs: times[Math.floor(times.length / 2)] ?? 0,
      faults: done.flatMap(({ faults }, round) => faults.map((fault) => `round ${round}: ${fault}`)),
    };
  } finally {
    crowd.disperse();
  }
}
