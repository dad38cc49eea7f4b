import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumPath } from '@conclave/testing/chromium';
import journeys from '../playwright.config.js';

const chromium = chromiumPath() ?? 'chromium';
const [, major = 'unknown'] = / (\d+)\./.exec(execFileSync(chromium, ['--version'], { encoding: 'utf8' })) ?? [];
const folder = `chromium-${major}`;

// Said once and kept for the workers, which read this file again when the first pictures are there already.
if (process.env['NEW_PICTURES'] === undefined) {
  process.env['NEW_PICTURES'] = existsSync(join(import.meta.dirname, folder)) ? '' : folder;
  if (process.env['NEW_PICTURES']) console.log(`No pictures of Chromium ${major} are kept: this run makes them.`);
}

const { projects: _kinds, ...same } = journeys;

/**
 * Pictures of every screen, compared pixel by pixel. Another Chromium draws letters differently: pictures are kept per major
 * version, and a version that has none gets them instead of failing.
 */
export default defineConfig({
  ...same,
  workers: 1,
  testDir: '.',
  testMatch: '*.spec.ts',
  grepInvert: [],
  globalSetup: '../support/start-product.ts',
  outputDir: '../../test-results/screens',
  timeout: 180_000,
  updateSnapshots: process.env['NEW_PICTURES'] ? 'all' : 'none',
  snapshotPathTemplate: `{testDir}/${folder}/{arg}{ext}`,
  // The default threshold misses a button that is 10 % brighter.
  expect: {
    timeout: 15_000,
    toHaveScreenshot: { threshold: 0.05, maxDiffPixels: 0, animations: 'disabled', caret: 'hide' },
  },
  use: {
    ...journeys.use,
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    launchOptions: {
      ...journeys.use?.launchOptions,
      args: [
        ...(journeys.use?.launchOptions?.args ?? []),
        '--font-render-hinting=none',
        '--disable-lcd-text',
        '--force-color-profile=srgb',
      ],
    },
  },
});
