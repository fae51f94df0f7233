import { PUBLIC, type Actor } from '../common/actor.js';
import { RateLimited } from '../common/domain-error.js';
import { loadConfig } from '../config/config.js';
import { MemoryLimitStore } from './limit-store.js';
import { TrafficLimits, type HeaderSink } from './traffic-limits.js';

const IP = '203.0.113.7';
const owner: Actor = { kind: 'staff', accountId: 'a', role: 'owner', resourceId: null, sessionId: 's' };
const customer: Actor = {
  kind: 'customer',
  customerId: 'c',
  sessionId: 's',
  isFresh: false,
  historyFrom: null,
};
const guest: Actor = { kind: 'guest', bookingId: 'b', sessionId: 's' };
const booking = { name: 'booking', max: 2, seconds: 600 };

function limits(scale = '1') {
  return new TrafficLimits(loadConfig({ RATE_LIMIT_SCALE: scale }), new MemoryLimitStore());
}

function headers() {
  const sent: Record<string, string> = {};
  const sink: HeaderSink = { header: (name, value) => (sent[name] = value), getHeader: (name) => sent[name] };
  return { sent, sink };
}

async function howMany(ask: () => Promise<void>): Promise<number> {
  for (let count = 0; ; count += 1) {
    try {
      await ask();
    } catch (error) {
      if (error instanceof RateLimited) return count;
      throw error;
    }
  }
}

describe('a minute holds', () => {
  it.each<[string, Actor, number]>([
    ['a customer', customer, 120],
    ['a guest', guest, 120],
    ['a member of staff', owner, 600],
  ])('for %s', async (_, actor, expected) => {
    const all = limits();
    expect(await howMany(() => all.acting(actor, undefined, IP, headers().sink))).toBe(expected);
  });

  it('60 requests of an address without a token, and does not care who else asks', async () => {
    const all = limits();
    expect(await howMany(() => all.anonymous(IP, headers().sink))).toBe(60);
    await expect(all.anonymous('203.0.113.8', headers().sink)).resolves.toBeUndefined();
    await expect(all.acting(owner, undefined, IP, headers().sink)).resolves.toBeUndefined();
  });

  it('6000 requests of an address that shows tokens, whatever they are worth', async () => {
    const all = limits();
    expect(await howMany(() => all.flood(IP))).toBe(6_000);
  });

  it('more or fewer where the operator scales it, and never none', async () => {
    const [twice, hardly] = [limits('2'), limits('0.01')];
    expect(await howMany(() => twice.anonymous(IP, headers().sink))).toBe(120);
    expect(await howMany(() => hardly.anonymous(IP, headers().sink))).toBe(1);
  });
});

describe('a route with a limit of its own', () => {
  it('counts both limits, and tells both', async () => {
    const { sent, sink } = headers();
    const all = limits();
    await all.acting(customer, booking, IP, sink);
    expect(sent).toEqual({
      'ratelimit-policy': '"default";q=120;w=60, "booking";q=2;w=600',
      ratelimit: '"default";r=119;t=60, "booking";r=1;t=600',
    });
    expect(await howMany(() => all.acting(customer, booking, IP, headers().sink))).toBe(1);
    await expect(all.acting(customer, undefined, IP, headers().sink)).resolves.toBeUndefined();
  });

  it('counts visitors by their address, beside the general limit they have met before', async () => {
    const { sent, sink } = headers();
    const all = limits();
    await all.anonymous(IP, sink);
    await all.acting(PUBLIC, booking, IP, sink);
    expect(sent['ratelimit']).toBe('"default";r=59;t=60, "booking";r=1;t=600');
    await expect(all.acting(PUBLIC, undefined, IP, headers().sink)).resolves.toBeUndefined();
  });

  it('says when to come back', async () => {
    const all = limits();
    await all.acting(PUBLIC, booking, IP, headers().sink);
    await all.acting(PUBLIC, booking, IP, headers().sink);
    await expect(all.acting(PUBLIC, booking, IP, headers().sink)).rejects.toMatchObject({
      headers: { 'retry-after': '600' },
    });
  });
});
