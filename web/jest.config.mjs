import presets from 'jest-preset-angular/presets/index.js';

/** The app's own Jest: Angular compiles its templates itself. Run with --experimental-vm-modules. */
export default {
  ...presets.createEsmPreset({ tsconfig: '<rootDir>/tsconfig.spec.json' }),
  testEnvironment: 'jest-preset-angular/environments/jest-jsdom-env.js',
  rootDir: import.meta.dirname,
  setupFilesAfterEnv: ['<rootDir>/jest.setup.ts'],
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/tools/**/*.spec.mjs'],
  moduleNameMapper: {
    '^@conclave/contracts/live$': '<rootDir>/../libs/contracts/src/live.ts',
    '^@conclave/contracts/visible$': '<rootDir>/../libs/contracts/src/visible.ts',
    '^@conclave/errors$': '<rootDir>/../libs/errors/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^tslib$': 'tslib/tslib.es6.js',
  },
};
