import { expect, type Page } from '@playwright/test';
import axe, { type Result } from 'axe-core';

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

/**
 * What is wrong by axe. It is put into a page once, and lists nothing that is right: that, twice for each look, took more than half of the
 * time.
 */
async function violations(page: Page): Promise<readonly Result[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: inPage } = window as unknown as { axe: typeof axe };
    const { violations: found } = await inPage.run(document, { ancestry: true, resultTypes: ['violations'] });
    return found;
  });
}

/** No finding of axe on the screen as it is now. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page);
  const findings: string[] = [];
  for (const { id, help, nodes } of await violations(page))
    for (const { html, ancestry } of nodes)
      if (id !== 'region' || !(await floats(page, String(ancestry))))
        findings.push(`${id}: ${help}: ${html.slice(0, 200)}`);
  expect(findings, `what axe finds at ${page.url()}`).toEqual([]);
}
