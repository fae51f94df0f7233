import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';

/** The build's own settings, so that tests run what is shipped. */
const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** Files of types alone vanish when compiled; never loaded, they would count as code without a test. */
function typesOnly() {
  if (!isWholeRun) return [];
  const root = import.meta.dirname;
  const vanishes = (file) =>
    transformFileSync(join(root, file), { ...swc, swcrc: false, sourceMaps: false }).code.trim() ===
    'export { };';
  return globSync('src/**/*.ts', { cwd: root }).filter(vanishes);
}

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // A package's .json.js is a file of its own; only our imports lose their suffix.
  moduleNameMapper: { '^(\\.{1,2}/.*(?<!\\.json))\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
};

/** One embedded server for the run, one database per worker; Jest runs a setup named by two projects only once. */
const withDatabase = {
  ...shared,
  globalSetup: '<rootDir>/test/global-setup.mjs',
  globalTeardown: '<rootDir>/test/global-teardown.mjs',
};

/**
 * `npm test` measures coverage and shares batches, see test/batches/run-batch.ts; `npm run jest -- PATTERN` runs files by themselves.
 * The campaigns run after it, without: counting each line of what they do thousands of times costs half as much again.
 */
const isWholeRun = process.argv.includes('--coverage');
const testsOf = (kind, files) => [isWholeRun ? `<rootDir>/test/batches/${kind}-*.spec.ts` : files];

export default {
  testSequencer: '<rootDir>/scripts/test-sequencer.mjs',
  // For two cores: the batches wait for servers a third of their time, the campaigns hardly ever.
  maxWorkers: isWholeRun ? 3 : 2,
  // Each file brings its own module registry: a worker grows by about 50 MB a file and is replaced beyond this.
  workerIdleMemoryLimit: '768MB',
  testTimeout: 20_000,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.mjs'],
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'lcovonly', 'json-summary'],
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/**/*.spec.ts',
    // Three ways in, without logic, and run as processes of their own by the e2e tests; and SQL with its date.
    '!src/{main,worker,cli}.ts',
    '!src/database/migrations/**',
    ...typesOnly().map((file) => `!${file}`),
  ],
  coverageThreshold: { global: { lines: 90, branches: 90 } },
  projects: [
    { ...shared, displayName: 'unit', testMatch: testsOf('unit', '<rootDir>/src/**/*.spec.ts') },
    { ...shared, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.spec.ts'] },
    {
      ...withDatabase,
      displayName: 'integration',
      testMatch: testsOf('integration', '<rootDir>/test/integration/**/*.int-spec.ts'),
    },
    {
      ...withDatabase,
      displayName: 'e2e',
      testMatch: testsOf('e2e', '<rootDir>/test/e2e/**/*.e2e-spec.ts'),
    },
    { ...withDatabase, displayName: 'campaign', testMatch: ['<rootDir>/test/campaigns/**/*-spec.ts'] },
  ],
};
