import { MemoryLimitStore } from './limit-store.js';

describe('counting requests', () => {
  it('lets as many through as the window allows, then none until it begins anew', () => {
    const store = new MemoryLimitStore();
    const at = (now: number) => store.hit('ada', 3, 60_000, now);
    expect([at(0), at(1), at(2)].map((hit) => hit.fits)).toEqual([true, true, true]);
    expect(at(3)).toEqual({ fits: false, remaining: 0, resetSeconds: 60 });
    expect(at(59_500)).toEqual({ fits: false, remaining: 0, resetSeconds: 1 });
    expect(at(60_000)).toEqual({ fits: true, remaining: 2, resetSeconds: 60 });
  });

  it('counts everybody for themselves', () => {
    const store = new MemoryLimitStore();
    expect(store.hit('ada', 1, 60_000, 0).fits).toBe(true);
    expect(store.hit('bob', 1, 60_000, 0).fits).toBe(true);
    expect(store.hit('ada', 1, 60_000, 0).fits).toBe(false);
  });

  it('forgets ended windows first, and the oldest when a flood fills it', () => {
    const store = new MemoryLimitStore(10);
    for (let caller = 0; caller < 10; caller += 1)
      store.hit(`old ${caller}`, 1, 1_000, caller === 0 ? 0 : 5_000);
    store.hit('late', 1, 1_000, 1_500);
    expect(store.hit('old 9', 1, 1_000, 5_500).fits).toBe(false);
    for (let caller = 0; caller < 100; caller += 1) store.hit(`flood ${caller}`, 1, 1_000, 5_500);
    expect(store.hit('flood 99', 1, 1_000, 5_600).fits).toBe(false);
    expect(store.hit('old 9', 1, 1_000, 5_600).fits).toBe(true);
  });

  it('costs far less than ten microseconds', () => {
    const store = new MemoryLimitStore();
    const began = performance.now();
    for (let request = 0; request < 20_000; request += 1)
      store.hit(`caller ${request % 500}`, 60, 60_000, request);
    expect((performance.now() - began) / 20_000).toBeLessThan(0.01);
  });
});
