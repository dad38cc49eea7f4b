import { expect, type Page } from '@playwright/test';
import axe, { type Result } from 'axe-core';

/** So often a screen that moves is looked at until what is found on it counts. */
const mostLooks = 5;

/** A menu floats above the page and belongs to its button: it lies in no landmark, and axe would have it in one. */
const floats = (page: Page, path: string): Promise<boolean> =>
  page.evaluate((css) => Boolean(document.querySelector(css)?.closest('.cdk-overlay-container')), path);

/**
 * What is wrong by axe, once nothing moves that ends by itself: what fades in has no contrast yet. What began to move while axe looked is
 * looked at again. Axe is put into a page once, and lists nothing that is right: that took more than half of the time.
 */
async function violations(page: Page): Promise<readonly Result[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (most) => {
    const { axe: inPage } = window as unknown as { axe: typeof axe };
    const moving = () =>
      document
        .getAnimations()
        .filter((animation) => Number.isFinite(Number(animation.effect?.getComputedTiming().endTime)));
    for (let looks = 1; ; looks++) {
      await Promise.allSettled(moving().map((animation) => animation.finished));
      const begun = new AbortController();
      let moved = false;
      for (const kind of ['transitionrun', 'animationstart'])
        addEventListener(kind, () => (moved = true), { capture: true, signal: begun.signal });
      const { violations: found } = await inPage.run(document, { ancestry: true, resultTypes: ['violations'] });
      begun.abort();
      if (found.length === 0 || looks === most || !(moved || moving().length > 0)) return found;
    }
  }, mostLooks);
}

/** No finding of axe on the screen as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  const findings: string[] = [];
  for (const { id, help, nodes } of await violations(page))
    for (const { html, ancestry } of nodes)
      if (id !== 'region' || !(await floats(page, String(ancestry))))
        findings.push(`${id}: ${help}: ${html.slice(0, 200)}`);
  expect(findings, `what axe finds at ${page.url()}`).toEqual([]);
}
