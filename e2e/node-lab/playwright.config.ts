import { defineConfig } from '@playwright/test';
import journeys from '../playwright.config.js';

// The journeys of the product, through a release that runs already: CONCLAVE_URL says where.
const { globalSetup: _starts, projects: _kinds, ...same } = journeys;

export default defineConfig({
  ...same,
  testDir: '.',
  testMatch: '*.spec.ts',
  expect: { timeout: 45_000 },
  use: { ...same.use, actionTimeout: 45_000 },
  outputDir: '../../test-results/node-lab',
});
