import { expect, type Page } from '@playwright/test';
import { expectLiveMedia } from '../support/media.js';

/** Presses a button of the bar. */
export const openPanel = (page: Page, name: RegExp | string): Promise<void> =>
  page.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button', { name }).click();

/**
 * Media arrives at everybody. A node, its control plane and the browsers share the cores of one machine here: what
 * elsewhere takes seconds is given two minutes.
 */
export const seeEachOther = (...pages: readonly Page[]): Promise<void> =>
  expect(async () => {
    await Promise.all(pages.map((page) => expectLiveMedia(page)));
  }).toPass({ timeout: 120_000 });
