import { defineConfig } from '@playwright/test';
import { chromiumPath } from '@conclave/testing/chromium';

/** What kills, stops, restores and attacks: mostly servers at work, much of it in products of their own. */
const servers = ['attacks/*.spec.ts', 'journeys/{attacker,backup,faults,figures,observability,vault}.spec.ts'];

/** Journeys and attacks through the whole product: real servers, the four services, Chromium with a fake camera and microphone. */
export default defineConfig({
  testDir: '.',
  // Two at a time, one of each kind: people's screens take most of two cores, servers wait for each other.
  workers: 2,
  projects: [
    { name: 'screens', workers: 1, testMatch: ['journeys/*.spec.ts', 'pictures.ts'], testIgnore: servers },
    { name: 'servers', workers: 1, testMatch: servers },
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
        // Ten pictures a second: Chromium encodes them on the cores that everything else runs on.
        '--use-fake-device-for-media-stream=fps=10',
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
