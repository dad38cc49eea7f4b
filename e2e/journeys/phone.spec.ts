import { randomBytes } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/journey.js';
import { control, joinMeeting, makeRoom, participants, signUp, visitor } from '../support/app.js';

const screen = { width: 390, height: 844 };
const phone = { viewport: screen, hasTouch: true, isMobile: true, deviceScaleFactor: 2, colorScheme: 'dark' } as const;
const finger = 44;

/** Nothing is wider than the screen: a phone would lay out all of the page wider, and show a part of it. */
const expectToFit = (page: Page, width: number = screen.width) =>
  expect
    .poll(() => page.evaluate(() => document.scrollingElement?.scrollWidth ?? Number.POSITIVE_INFINITY))
    .toBeLessThanOrEqual(width);

/** On the screen as it is, and nothing lies over it. */
const expectWithinReach = async (button: Locator) => {
  await expect(button).toBeVisible();
  await expect
    .poll(() =>
      button.evaluate((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        const inside = x >= 0 && y >= 0 && x + width <= innerWidth && y + height <= innerHeight;
        const top = document.elementFromPoint(x + width / 2, y + height / 2);
        return inside && top !== null && element.contains(top);
      }),
    )
    .toBe(true);
};

const openMore = async (page: Page, name: RegExp | string) => {
  await control(page, 'More').tap();
  await page.getByRole('menuitem', { name }).tap();
};

test('a person on a phone, in the dark: from sign-up to goodbye', async ({ browser }) => {
  const name = 'Aylin Kaya-Donaudampfschifffahrt of the Long-Standing Committee';
  const aylin = await visitor(browser, name, phone);
  const { page } = aylin;
  await page.goto('/sign-up');
  await expect(page.getByRole('button', { name: 'Create account' })).toBeVisible();
  await expectToFit(page);
  await signUp(aylin);
  await expect(page.getByText('No rooms yet')).toBeVisible();
  await expectToFit(page);

  const link = await makeRoom(page, 'Board review, third quarter, with the whole committee and its guests');
  await expectToFit(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Enter the room' }).tap();
  await expect(page.getByRole('button', { name: 'Join the meeting' })).toBeVisible();
  expect(page.url()).toBe(link);
  await expectToFit(page);
  // The smallest phone, one that lies, and a window magnified to 200 %: Join stands on the first screen.
  for (const [width, height] of [
    [320, 568],
    [844, 390],
    [720, 450],
    [screen.width, screen.height],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expectToFit(page, width);
    await expectWithinReach(page.getByRole('button', { name: 'Join the meeting' }));
  }
  await page.getByRole('button', { name: 'Turn the camera round' }).tap();
  await expect(page.getByRole('button', { name: 'Turn camera off' })).toBeVisible();
  await joinMeeting(page);
  await expect(participants(page)).toHaveCount(1);
  await expectToFit(page);

  const buttons = page.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button');
  for (const button of await buttons.all()) {
    if (!(await button.isVisible())) continue;
    const box = await button.boundingBox();
    expect(box?.width, await button.getAttribute('aria-label').then(String)).toBeGreaterThanOrEqual(finger);
    expect(box?.height).toBeGreaterThanOrEqual(finger);
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(screen.width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(screen.height);
  }

  await openMore(page, 'Sound and camera');
  for (const name of ['Microphone', 'Speaker', 'Camera'])
    await expect(page.getByRole('dialog').getByRole('combobox', { name })).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).tap();

  await openMore(page, /^Chat/);
  // A panel never covers what one needs at once, upright or lying.
  for (const [width, height] of [
    [844, 390],
    [320, 568],
    [screen.width, screen.height],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const name of ['Turn microphone off', 'Turn camera off', 'Leave'])
      await expectWithinReach(control(page, name));
  }
  await page.getByLabel('Message to everyone').fill(`Good morning. ${'unbreakable'.repeat(20)}`);
  await page.getByRole('button', { name: 'Send' }).tap();
  await expect(page.getByRole('log')).toContainText('Good morning.');
  await expectToFit(page);

  await page.getByRole('tab', { name: 'Files' }).tap();
  await expect(page.getByText('Choose files', { exact: true })).toBeVisible();
  await expect(page.getByText('Drop files here')).toBeHidden();
  const plan = `Cash plan ${'2027-'.repeat(20)}.xlsx`;
  await page
    .getByLabel('Choose files to share')
    .setInputFiles({ name: plan, mimeType: 'application/octet-stream', buffer: randomBytes(300_000) });
  const row = page.getByLabel('Files').getByRole('listitem').filter({ hasText: 'Cash plan' });
  await expect(row.getByRole('link', { name: /^Download/ })).toBeVisible();
  await expectToFit(page);
  const download = await row.getByRole('link', { name: /^Download/ }).boundingBox();
  expect((download?.x ?? 0) + (download?.width ?? 0)).toBeLessThanOrEqual(screen.width);

  await page.getByRole('button', { name: 'Close panel' }).tap();
  await openMore(page, 'People');
  await expect(page.getByLabel('People in the meeting').getByText(`${name} (you)`)).toBeVisible();
  await expectToFit(page);
  await page.getByRole('button', { name: 'Close panel' }).tap();

  await control(page, 'Leave').tap();
  await page.getByRole('menuitem', { name: 'Leave the meeting' }).tap();
  await expect(page.getByRole('heading', { name: 'You left the meeting' })).toBeVisible();
  await expectToFit(page);
  for (const path of ['/', '/settings', `${new URL(link).pathname}/settings`, `${new URL(link).pathname}/files`]) {
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expectToFit(page);
  }
  expect(aylin.errors).toEqual([]);
});
