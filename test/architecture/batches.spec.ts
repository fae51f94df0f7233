import { filesOf } from './source-files.js';

/** The tests that share the registry of a batch. */
const shared = filesOf('{src/**/*.spec.ts,test/integration/*.int-spec.ts,test/e2e/*.e2e-spec.ts}');

describe('a test', () => {
  it('is found by a batch, or runs as a file of its own', () => {
    const found = new Set(
      [...shared, ...filesOf('test/{architecture,campaigns,batches}/*spec.ts')].map(({ path }) => path),
    );
    const lost = filesOf('{src,test}/**/*spec.ts').filter(({ path }) => !found.has(path));
    expect(lost.map(({ path }) => path)).toEqual([]);
    expect(shared.length).toBeGreaterThan(100);
  });

  it.each([
    [
      'has no hook outside describe(), where it would run for its neighbours too',
      /^(before|after)(All|Each)\(/m,
    ],
    ['mocks no module, which its neighbours would get too', /unstable_mockModule/],
  ])('that shares a batch %s', (_rule, forbidden) => {
    expect(shared.filter(({ text }) => forbidden.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
