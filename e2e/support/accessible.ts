import { expect, type Page } from '@playwright/test';
import axe, { type Result } from 'axe-core';

/** So often a screen that moves is looked at until what is found on it counts. */
const mostLooks = 5;

/** Screens that axe has found nothing on. */
const known = new Set<string>();

/** A menu floats above the page and belongs to its button: it lies in no landmark, and axe would have it in one. */
const floats = (page: Page, path: string): Promise<boolean> =>
  page.evaluate((css) => Boolean(document.querySelector(css)?.closest('.cdk-overlay-container')), path);

/**
 * What a screen is made of, once nothing moves that ends by itself: every element with its attributes, which of them hold text, and
 * how it all is looked at. Words, names and addresses are left out, but for which of them are the same: to axe it is the same screen
 * with other people in it.
 */
const screenOf = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const endless = (animation: Animation) => !Number.isFinite(Number(animation.effect?.getComputedTiming().endTime));
    const moving = document.getAnimations().filter((animation) => !endless(animation));
    await Promise.allSettled(moving.map((animation) => animation.finished));
    const spoken =
      /^(id|for|name|value|href|src|alt|title|placeholder|data-.*|aria-(label|labelledby|describedby|controls|owns|value.*|activedescendant))$/;
    const met = new Map<string, number>();
    const nth = (value: string): number => {
      const place = met.get(value) ?? met.size;
      met.set(value, place);
      return place;
    };
    const looks = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)', '(forced-colors: active)'];
    const parts = [`${innerWidth}x${innerHeight}`, ...looks.map((look) => String(matchMedia(look).matches))];
    for (const element of document.querySelectorAll('*')) {
      // Styles come from the build, scripts and axe itself are not seen.
      if (element.matches('head *, script, style')) continue;
      const facts = Array.from(element.attributes, ({ name, value }) =>
        spoken.test(name) && value !== '' ? `${name}=#${nth(value)}` : `${name}=${value}`,
      );
      const text = Array.from(element.childNodes, (node) => (node.nodeType === 3 && node.nodeValue?.trim() ? 't' : ''));
      let depth = 0;
      for (let parent = element.parentElement; parent; parent = parent.parentElement) depth++;
      parts.push(`${depth} ${element.localName} ${facts.sort().join(' ')} ${text.join('')}`);
    }
    return parts.join('\n');
  });

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

/** No finding of axe on the screen as it is now. One that is made of the same as an earlier one is not looked at again. */
export async function expectAccessible(page: Page): Promise<void> {
  const screen = await screenOf(page);
  if (known.has(screen)) return;
  const findings: string[] = [];
  for (const { id, help, nodes } of await violations(page))
    for (const { html, ancestry } of nodes)
      if (id !== 'region' || !(await floats(page, String(ancestry))))
        findings.push(`${id}: ${help}: ${html.slice(0, 200)}`);
  expect(findings, `what axe finds at ${page.url()}`).toEqual([]);
  // What changed under its eyes is another screen by now.
  if ((await screenOf(page)) === screen) known.add(screen);
}
