import { Crowd, type Call, type Reply } from './http-client.js';
import { Random } from './random.js';
import {
  aRaceSalon,
  at,
  bookFor,
  faultsIn,
  guestBooking,
  missingAlternatives,
  somebody,
  tokenOfOwner,
  type Arena,
  type Booked,
  type RaceSalon,
} from './stampede-salon.js';

/** Starts that all collide with one another: visits last an hour. */
const SHIFTS = [-15, 0, 0, 0, 15] as const;

/** What one stampede was made of and how it ended. */
export interface Stampede {
  attempts: number;
  /** People whose time it was about, and how many of them were won. */
  staff: number;
  won: number;
  timeOff: number;
  slowestMs: number;
  tookMs: number;
  /** Everything that must not be; empty when the run is good. */
  faults: string[];
}

interface Sizes {
  attempts: number;
  movers: number;
  staffCreates: number;
  timeOff: number;
}

interface Attempt {
  kind: 'guest' | 'staff' | 'move' | 'time-off';
  /** The person asked for; null is anybody. */
  staffId: string | null;
  start: string;
  call: Call;
  booked?: Booked;
}

interface Outcome {
  attempt: Attempt;
  reply: Reply;
}

/**
 * Everybody wants the same hour of one to three people at the same moment: visitors (also a quarter earlier or later), the
 * reception, customers who move their appointment there, and time off over it. Exactly one of them gets each person, or
 * nobody does where time off came first.
 */
export async function stampede(arena: Arena, seed: number, size = 500): Promise<Stampede> {
  const random = new Random(seed);
  const sizes = { attempts: size, movers: size * 0.08, staffCreates: size * 0.12, timeOff: random.int(0, 3) };
  const salon = await aRaceSalon(arena, { staff: random.int(1, 3) });
  const crowd = new Crowd(arena.urls);
  try {
    const token = await tokenOfOwner(crowd, arena);
    const movers = await moversFor(crowd, salon, random, Math.floor(sizes.movers));
    const attempts = random.shuffled(attemptsOf(salon, random, sizes, token, movers));
    await crowd.gather(attempts.length);
    const began = performance.now();
    const outcomes = await Promise.all(
      attempts.map(async (attempt): Promise<Outcome> => ({ attempt, reply: await crowd.call(attempt.call) })),
    );
    const tookMs = performance.now() - began;
    return {
      ...(await judge(arena, salon, outcomes)),
      attempts: attempts.length,
      timeOff: sizes.timeOff,
      tookMs,
    };
  } finally {
    crowd.disperse();
  }
}

/** Guests who are booked with the same people on the days after, and will all want to come at noon instead. */
async function moversFor(crowd: Crowd, salon: RaceSalon, random: Random, count: number): Promise<Booked[]> {
  const movers: Booked[] = [];
  for (let made = 0; made < count; made += 1) {
    const day = 1 + Math.floor(made / salon.staffIds.length / 6);
    const hour = (Math.floor(made / salon.staffIds.length) % 6) - 2;
    const staffId = salon.staffIds[made % salon.staffIds.length] ?? random.pick(salon.staffIds);
    movers.push(await bookFor(crowd, salon, at(salon.noon, day * 1440 + hour * 60), staffId));
  }
  return movers;
}

function attemptsOf(
  salon: RaceSalon,
  random: Random,
  sizes: Sizes,
  token: string,
  movers: readonly Booked[],
): Attempt[] {
  const start = () => at(salon.noon, random.pick(SHIFTS));
  const wished = () => (random.next() < 0.5 ? null : random.pick(salon.staffIds));
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));
  const staffCreates = Math.floor(sizes.staffCreates);
  const guests = sizes.attempts - movers.length - staffCreates - sizes.timeOff;
  return [
    ...many(guests, () => creation('guest', salon, start(), wished())),
    ...many(staffCreates, () => creation('staff', salon, start(), wished(), token)),
    ...movers.map((booked) => move(salon, random, booked, start())),
    ...many(sizes.timeOff, () => timeOff(salon, random.pick(salon.staffIds), token)),
  ];
}

function creation(
  kind: 'guest' | 'staff',
  salon: RaceSalon,
  start: string,
  staffId: string | null,
  token?: string,
): Attempt {
  const body = guestBooking(salon, start, staffId ?? undefined);
  const path = kind === 'guest' ? '/api/bookings' : '/admin/bookings';
  return { kind, staffId, start, call: { method: 'POST', path, body, ...(token ? { token } : {}) } };
}

function move(salon: RaceSalon, random: Random, booked: Booked, start: string): Attempt {
  const staffId = random.pick(salon.staffIds);
  const path = `/api/bookings/${booked.id}/reschedule`;
  return {
    kind: 'move',
    staffId,
    start,
    booked,
    call: { method: 'PUT', path, body: { start, staffId }, token: booked.token },
  };
}

function timeOff(salon: RaceSalon, staffId: string, token: string): Attempt {
  const start = at(salon.noon, -60);
  const body = { start, end: at(salon.noon, 120), reason: somebody().name };
  return {
    kind: 'time-off',
    staffId,
    start,
    call: { method: 'POST', path: `/admin/staff/${staffId}/time-off`, body, token },
  };
}

async function judge(arena: Arena, salon: RaceSalon, outcomes: readonly Outcome[]) {
  const claims = outcomes.filter(({ attempt }) => attempt.kind !== 'time-off');
  const replies = claims.map(({ reply }) => reply);
  const faults = [
    ...faultsIn(replies, ['slot-unavailable'], [200, 201]),
    ...missingAlternatives(replies),
    ...claims.flatMap(takenAlternatives),
    ...faultsIn(
      outcomes.filter(({ attempt }) => attempt.kind === 'time-off').map(({ reply }) => reply),
      [],
      [201],
    ),
    ...(await wronglyAnswered(arena, salon, claims)),
    ...salon.staffIds.flatMap((staffId) => wrongWinners(staffId, outcomes)),
  ];
  const won = claims.filter(hasWon).length;
  return {
    staff: salon.staffIds.length,
    won,
    slowestMs: Math.max(...outcomes.map(({ reply }) => reply.ms)),
    faults,
  };
}

const hasWon = ({ reply }: Outcome): boolean => reply.status === 200 || reply.status === 201;

/** One booking for each person; none is right only where time off came before, and time off that came after names it. */
function wrongWinners(staffId: string, outcomes: readonly Outcome[]): string[] {
  const winners = outcomes.filter(
    (outcome) =>
      outcome.attempt.kind !== 'time-off' && hasWon(outcome) && outcome.reply.body.staff.id === staffId,
  );
  const absences = outcomes.filter(
    ({ attempt }) => attempt.kind === 'time-off' && attempt.staffId === staffId,
  );
  const [winner] = winners;
  if (winners.length > 1) return [`${winners.length} bookings of one hour of ${staffId}`];
  if (!winner) return absences.length > 0 ? [] : [`nobody got the hour of ${staffId}, which was free`];
  return absences
    .filter(({ reply }) => !reply.body.overlapsBookings?.includes(winner.reply.body.id))
    .map(() => `${staffId} was booked in time off that did not know of it`);
}

/** A refusal never offers the very time it refuses. */
function takenAlternatives({ attempt, reply }: Outcome): string[] {
  if (reply.status !== 409) return [];
  const offered: { start: string; staffIds: string[] }[] = reply.body.alternatives ?? [];
  return offered
    .filter(({ start }) => Math.abs(Date.parse(start) - Date.parse(attempt.start)) < 1)
    .filter(({ staffIds }) => attempt.staffId === null || staffIds.includes(attempt.staffId))
    .map(({ start }) => `refused ${start} and offered it at once`);
}

/** What was answered is what stands there: every success at its place, every refused move where it was, nothing else. */
async function wronglyAnswered(
  { sql }: Arena,
  salon: RaceSalon,
  claims: readonly Outcome[],
): Promise<string[]> {
  const rows = await sql<{ id: string; resource_id: string; starts_at: Date; status: string }>(
    'select id, resource_id, starts_at, status from booking where service_id = $1',
    [salon.serviceId],
  );
  const standing = new Map(rows.map((row) => [row.id, row]));
  const created = claims.filter(({ attempt, reply }) => attempt.kind !== 'move' && reply.status === 201);
  const movers = claims.filter(({ attempt }) => attempt.kind === 'move');
  const strangers = rows.length - created.length - movers.length;
  const misplaced = [...created, ...movers].flatMap(({ attempt, reply }) => {
    const isAsAnswered = reply.status < 300;
    const row = standing.get(isAsAnswered ? reply.body.id : (attempt.booked?.id ?? ''));
    const start = isAsAnswered ? attempt.start : attempt.booked?.start;
    const isRight = row?.status === 'confirmed' && row.starts_at.toISOString() === start;
    return isRight
      ? []
      : [`${attempt.kind} answered ${reply.status}, but ${JSON.stringify(row)} stands there`];
  });
  return [...(strangers === 0 ? [] : [`${strangers} bookings that nobody was told of`]), ...misplaced];
}
