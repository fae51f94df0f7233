import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aDataDir, until } from './emulator.fixture.js';
import { withStartLock } from './start-lock.js';

describe('the lock around a start', () => {
  const dataDir = aDataDir();
  const lock = join(dataDir.path, 'sandbox.lock');
  afterAll(() => dataDir.remove());

  it('lets one work at a time, and leaves nothing behind', async () => {
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await until(
        () => seen.length,
        (count) => count >= 1,
      );
      seen.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => withStartLock(dataDir.path, work(name))));
    const pairs = [0, 2, 4].map((at) => seen.slice(at, at + 2).map((text) => text.split(' ')[0]));
    expect(pairs.every(([begun, ended]) => begun === ended)).toBe(true);
    expect(readdirSync(dataDir.path)).toEqual([]);
  });

  it('is given back when the work fails', async () => {
    await expect(withStartLock(dataDir.path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });

  it('is taken from an owner that is dead, or that has held it longer than any start takes', async () => {
    writeFileSync(lock, '999999999');
    expect(await withStartLock(dataDir.path, async () => 'dead')).toBe('dead');
    writeFileSync(lock, String(process.pid));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    expect(await withStartLock(dataDir.path, async () => 'old')).toBe('old');
  });

  it('is waited for while its owner is just writing it', async () => {
    writeFileSync(lock, '');
    let isDone = false;
    const waiting = withStartLock(dataDir.path, async () => (isDone = true));
    await until(
      () => performance.now(),
      (
        (start) => (now: number) =>
          now > start + 50
      )(performance.now()),
    );
    expect(isDone).toBe(false);
    writeFileSync(lock, '999999999');
    expect(await waiting).toBe(true);
  });

  it('is refused where there is no directory', async () => {
    await expect(withStartLock(join(dataDir.path, 'none'), async () => 1)).rejects.toThrow('ENOENT');
  });
});
