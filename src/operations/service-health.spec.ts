import {
  EMPTY,
  jobHealth,
  NEVER_SEEN,
  overall,
  providerHealth,
  redisHealth,
  total,
  workerHealth,
} from './service-health.js';

const NOW = new Date('2030-03-04T12:00:00Z');
const NOT_THERE = { isUp: false, lastSuccessAt: null, lastErrorAt: null, lastError: null };
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const waitingFor = (oldestSeconds: number) => ({ waiting: 1, dead: 0, oldestSeconds });

describe('a provider', () => {
  it('is unconfigured when it has no account, whatever was seen of it before', () => {
    expect(providerHealth('unconfigured', { ...NEVER_SEEN, breaker: 'open' }, EMPTY).state).toBe(
      'unconfigured',
    );
  });

  it('is up when nothing speaks against it, also before its first call', () => {
    expect(providerHealth('live', NEVER_SEEN, EMPTY).state).toBe('up');
    expect(
      providerHealth('sandbox', { ...NEVER_SEEN, lastSuccessAt: ago(86_400) }, waitingFor(300)).state,
    ).toBe('up');
  });

  it('is degraded after a failed call, while the breaker tries again, and when messages wait over five minutes', () => {
    expect(providerHealth('live', { ...NEVER_SEEN, failureStreak: 1 }, EMPTY).state).toBe('degraded');
    expect(providerHealth('live', { ...NEVER_SEEN, breaker: 'half-open' }, EMPTY).state).toBe('degraded');
    expect(providerHealth('live', NEVER_SEEN, waitingFor(301)).state).toBe('degraded');
  });

  it('is down while its breaker is open', () => {
    expect(providerHealth('live', { ...NEVER_SEEN, breaker: 'open' }, EMPTY).state).toBe('down');
  });
});

describe('the worker', () => {
  const lastBeat = (seconds: number) => ({ ...NEVER_SEEN, lastSuccessAt: ago(seconds) });

  it.each([
    [30, 'up'],
    [31, 'degraded'],
    [60, 'degraded'],
    [61, 'down'],
  ])('whose last heartbeat is %i s old is %s', (seconds, state) => {
    expect(workerHealth(lastBeat(seconds), EMPTY, NOW).state).toBe(state);
  });

  it('is down when it never gave a heartbeat', () => {
    expect(workerHealth(NEVER_SEEN, EMPTY, NOW).state).toBe('down');
  });

  it('is degraded when effects wait although it beats', () => {
    expect(workerHealth(lastBeat(1), waitingFor(301), NOW).state).toBe('degraded');
  });
});

describe('the whole', () => {
  const up = providerHealth('sandbox', NEVER_SEEN, EMPTY);
  const out = providerHealth('live', { ...NEVER_SEEN, breaker: 'open' }, EMPTY);
  const noWorker = workerHealth(NEVER_SEEN, EMPTY, NOW);

  it('is up when every part that exists is up', () => {
    expect(overall({ database: up, worker: up, sms: up, calendar: redisHealth(false, NOT_THERE) })).toBe(
      'up',
    );
  });

  it('is degraded, never down, when a provider is out', () => {
    expect(overall({ database: up, worker: up, sms: out })).toBe('degraded');
  });

  it('is down without a worker or a database', () => {
    expect(overall({ database: up, worker: noWorker, sms: up })).toBe('down');
    expect(overall({ database: out, worker: up, sms: up })).toBe('down');
  });
});

describe('queues together', () => {
  it('wait as many as all of them and as long as the oldest', () => {
    expect(
      total([{ waiting: 2, dead: 1, oldestSeconds: 5 }, EMPTY, { waiting: 3, dead: 0, oldestSeconds: 70 }]),
    ).toEqual({
      waiting: 5,
      dead: 1,
      oldestSeconds: 70,
    });
    expect(total([])).toEqual(EMPTY);
  });
});

describe('Redis', () => {
  it('is up or degraded, never down, and not there where nobody promised it', () => {
    const error = { ...NOT_THERE, lastError: 'connect ECONNREFUSED' };
    expect(redisHealth(false, NOT_THERE).state).toBe('unconfigured');
    expect(redisHealth(true, error)).toMatchObject({
      state: 'degraded',
      seen: { lastError: error.lastError },
    });
    expect(redisHealth(true, { ...error, isUp: true })).toMatchObject({
      state: 'up',
      seen: { lastError: null },
    });
  });
});

describe('regular work', () => {
  const job = { name: 'sweep', everySeconds: 600, lastRunAt: NOW, lastError: null, tookMs: 3 };
  const isLate = (everySeconds: number, secondsAgo: number | null) =>
    jobHealth({ ...job, everySeconds, lastSuccessAt: secondsAgo === null ? null : ago(secondsAgo) }, NOW)
      .isLate;

  it('is late after three rounds without success, and after a minute at least', () => {
    expect([isLate(600, 1_799), isLate(600, 1_801), isLate(5, 59), isLate(5, 61), isLate(600, null)]).toEqual(
      [false, true, false, true, true],
    );
  });
});
