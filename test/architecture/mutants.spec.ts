import { existsSync, readFileSync } from 'node:fs';
import { MUTANTS } from '../support/mutants.js';

const ROOT = new URL('../../', import.meta.url);

describe('the fences that the proof of mutants takes away', () => {
  it('are many, and each has a name of its own', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  });

  it.each(MUTANTS)(
    '$name: stands where it is said to stand, once, and is looked after by tests',
    (mutant) => {
      const { file, find, tests } = mutant;
      expect(readFileSync(new URL(file, ROOT), 'utf8').split(find)).toHaveLength(2);
      expect(tests.filter((test) => !existsSync(new URL(test, ROOT)))).toEqual([]);
    },
  );
});
