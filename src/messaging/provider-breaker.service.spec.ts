import { setTimeout as pause } from 'node:timers/promises';
import { ChannelFailure } from './channel.errors.js';
import { ProviderBreaker } from './provider-breaker.service.js';

const outage = () => Promise.reject(new ChannelFailure({ kind: 'retry', reason: 'down', httpStatus: 503 }));
const refusal = () =>
  Promise.reject(new ChannelFailure({ kind: 'permanent', reason: 'wrong number', httpStatus: 400 }));
const tooMany = () =>
  Promise.reject(new ChannelFailure({ kind: 'retry', reason: 'slow down', httpStatus: 429 }));
const failTimes = async (breaker: ProviderBreaker, times: number, work: () => Promise<never>) => {
  for (let count = 0; count < times; count += 1) await breaker.run(work).catch(() => undefined);
};

describe('a provider that is out', () => {
  it('is left alone after five failures in a row, and asked again after a while', async () => {
    const breaker = new ProviderBreaker('twilio', 30);
    await failTimes(breaker, 4, outage);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1, outage);
    expect(breaker.state).toBe('open');
    let asked = false;
    const ask = async () => {
      asked = true;
    };
    await expect(breaker.run(ask)).rejects.toMatchObject({ kind: 'retry', mayHaveBeenSent: false });
    expect(asked).toBe(false);

    await pause(60);
    expect(breaker.state).toBe('half-open');
    await breaker.run(ask);
    expect([asked, breaker.state]).toEqual([true, 'closed']);
  });

  it('is not one that answers, however unfriendly', async () => {
    const breaker = new ProviderBreaker('twilio', 30);
    await failTimes(breaker, 20, refusal);
    await failTimes(breaker, 20, tooMany);
    expect(breaker.state).toBe('closed');
  });

  it('counts our own unexpected errors as well', async () => {
    const breaker = new ProviderBreaker('twilio', 30);
    await failTimes(breaker, 5, () => Promise.reject(new Error('bug')));
    expect(breaker.state).toBe('open');
  });
});
