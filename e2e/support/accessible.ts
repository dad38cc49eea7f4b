import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Waits until nothing moves that ends by itself: what fades in has no contrast yet. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((animation) => Number.isFinite(Number(animation.effect?.getComputedTiming().endTime)));
    await Promise.allSettled(ending.map((animation) => animation.finished));
  });
}

/** A menu floats above the page and belongs to its button: it lies in no landmark, and axe would have it in one. */
const floats = (page: Page, path: string): Promise<boolean> =>
  page.evaluate((css) => Boolean(document.querySelector(css)?.closest('.cdk-overlay-container')), path);

/** No finding of axe on the screen as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  // Legacy: otherwise axe opens a page of its own, and the one that is looked at would be in the background. Where nothing is wrong nobody
  // reads a list of it: writing and sending that took more than half of the time.
  const options = { ancestry: true, resultTypes: ['violations' as const] };
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options(options);
  const { violations } = await builder.analyze();
  const findings: string[] = [];
  for (const { id, help, nodes } of violations)
    for (const { html, ancestry } of nodes)
      if (id !== 'region' || !(await floats(page, String(ancestry))))
        findings.push(`${id}: ${help}: ${html.slice(0, 200)}`);
  expect(findings, `what axe finds at ${page.url()}`).toEqual([]);
}
