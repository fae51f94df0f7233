import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';

/** The build's own settings, so that tests run what is shipped. */
const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** Files of types alone vanish when compiled; never loaded, they would count as code without a test. */
function typesOnly() {
  if (!process.argv.includes('--coverage')) return [];
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

/** A file that is asked for by its name runs alone; when all run, they share batches: see test/batches/run-batch.ts. */
const isByName = process.argv.some((argument) => /(?<!batches.*)spec(\.ts)?$/.test(argument));
const batchesOf = (kind, files) => [isByName ? files : `<rootDir>/test/batches/${kind}-*.spec.ts`];

export default {
  testSequencer: '<rootDir>/scripts/test-sequencer.mjs',
  maxWorkers: 2,
  // Each file brings its own module registry: a worker grows by about 50 MB a file and is replaced beyond this.
  workerIdleMemoryLimit: '768MB',
  testTimeout: 20_000,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.mjs'],
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'lcov', 'json-summary'],
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
    { ...shared, displayName: 'unit', testMatch: batchesOf('unit', '<rootDir>/src/**/*.spec.ts') },
    { ...shared, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture/**/*.spec.ts'] },
    {
      ...withDatabase,
      displayName: 'integration',
      testMatch: batchesOf('integration', '<rootDir>/test/integration/**/*.int-spec.ts'),
    },
    {
      ...withDatabase,
      displayName: 'e2e',
      testMatch: batchesOf('e2e', '<rootDir>/test/e2e/**/*.e2e-spec.ts'),
    },
    { ...withDatabase, displayName: 'campaign', testMatch: ['<rootDir>/test/campaigns/**/*-spec.ts'] },
  ],
};
