/** One Jest configuration for every package outside web; web has its own because Angular compiles itself. */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.spec.ts'],
  globalSetup: './libs/testing/jest-setup.mjs',
  globalTeardown: './libs/testing/jest-teardown.mjs',
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '<rootDir>/web/', '<rootDir>/e2e/', '<rootDir>/.conclave/'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.nx/'],
  testTimeout: 30_000,
  testEnvironmentOptions: { customExportConditions: ['@conclave/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
};
