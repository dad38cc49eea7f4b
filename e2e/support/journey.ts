import { test as base } from '@playwright/test';

export { expect } from '@playwright/test';

/** A journey: when it ends, everybody in it closes their browser, so that nobody's camera runs on in the next one. */
export const test = base.extend<{ goHome: undefined }>({
  goHome: [
    async ({ browser }, use) => {
      await use(undefined);
      for (const context of browser.contexts()) await context.close();
    },
    { auto: true },
  ],
});
