import { availableParallelism } from 'node:os';

/** One Jest configuration for every package outside web; web has its own because Angular compiles itself. */
export default {
  testMatch: ['**/*.spec.ts'],
  globalSetup: './libs/testing/jest/setup.mjs',
  globalTeardown: './libs/testing/jest/teardown.mjs',
  setupFilesAfterEnv: ['./libs/testing/jest/after-each-file.mjs'],
  // Jest's own runner over modules that Node loads once per worker: docs/adr/0009.
  testEnvironment: './libs/testing/jest/environment.mjs',
  testRunner: './libs/testing/jest/runner.mjs',
  transform: {},
  // Every spec file starts services of its own and waits for them about half of its time: one worker more than there are cores. More than
  // four only wait for the servers they share.
  maxWorkers: Math.min(4, availableParallelism() + 1),
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/web/', '<rootDir>/e2e/', '<rootDir>/.conclave/'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.nx/'],
  // A spec that waits for a state ends by itself; how soon is the machine's affair.
  testTimeout: 60_000,
};
