import { defineConfig } from '@playwright/test';
import { chromiumPath } from '@conclave/testing/chromium';

/** Several people with their cameras at once: what takes most of two cores. */
const meetings = ['journeys/{doors,ends,invitations,meeting,presenting,removed,roles,typing}.spec.ts'];

/** Journeys and attacks through the whole product: real servers, the four services, Chromium with a fake camera and microphone. */
export default defineConfig({
  testDir: '.',
  // Two at a time, never two meetings: one lane of each kind, about as long as the other.
  workers: 2,
  projects: [
    { name: 'meetings', workers: 1, testMatch: meetings },
    {
      name: 'others',
      workers: 1,
      testMatch: ['attacks/*.spec.ts', 'journeys/*.spec.ts', 'pictures.ts'],
      testIgnore: meetings,
    },
  ],
  // On request only: pictures of the manual (PICTURES=1 … --grep @pictures), what two of everything live through
  // (REPLICAS=1 … --grep @replicas), which needs more processor than two busy cores have, what is killed in the middle of its work and
  // restored afterwards (FAULTS=1 … --grep @faults), which specs of files and of the tasks prove closer, and what is measured for a
  // report that is kept (EVIDENCE=1 … --grep @evidence).
  grepInvert: [
    ...(process.env['PICTURES'] ? [] : [/@pictures/]),
    ...(process.env['REPLICAS'] ? [] : [/@replicas/]),
    ...(process.env['FAULTS'] ? [] : [/@faults/]),
    ...(process.env['EVIDENCE'] ? [] : [/@evidence/]),
  ],
  globalSetup: './support/start-product.ts',
  // A journey that fails has failed.
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env['CI']),
  outputDir: '../test-results',
  use: {
    actionTimeout: 15_000,
    locale: 'en-GB',
    colorScheme: 'light',
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
    launchOptions: {
      executablePath: chromiumPath() ?? 'chromium',
      args: [
        // Few pictures a second: Chromium encodes them on the cores that everything else runs on.
        '--use-fake-device-for-media-stream=fps=5',
        '--use-fake-ui-for-media-stream',
        '--auto-select-desktop-capture-source=Entire screen',
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
});
