import { test as base } from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { baseUrl } from './api.js';

export { expect } from '@playwright/test';

/**
 * A journey. At its end every screen that somebody still has open is looked at by axe; then everybody closes their browser, so
 * that nobody's camera runs on in the next one.
 */
export const test = base.extend<{ goHome: undefined }>({
  goHome: [
    async ({ browser }, use, info) => {
      await use(undefined);
      try {
        if (info.status !== info.expectedStatus) return;
        for (const context of browser.contexts())
          for (const page of context.pages()) {
            // A bare participant stands on an answer of the API, which is no screen of anybody.
            const { origin, pathname } = new URL(page.url());
            if (origin === new URL(baseUrl()).origin && !pathname.startsWith('/api/')) await expectAccessible(page);
          }
      } finally {
        for (const context of browser.contexts()) await context.close();
      }
    },
    { auto: true },
  ],
});
