import type { Page } from '@playwright/test';
import { person } from '../support/api.js';
import { control, joinMeeting, participants, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';

const screenOf = (page: Page, name: string) => page.getByRole('region', { name: `Screen of ${name}` });

/** A picture is there, and is drawn. */
const expectSeen = async (page: Page, name: string) => {
  await expect(screenOf(page, name)).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(
      () =>
        screenOf(page, name)
          .locator('video')
          .evaluate((video: HTMLVideoElement) => video.videoWidth),
      {
        timeout: 30_000,
      },
    )
    .toBeGreaterThan(0);
};

const scaleOf = (page: Page, name: string) =>
  screenOf(page, name)
    .locator('video')
    .evaluate((video) => new DOMMatrix(getComputedStyle(video).transform).a);

test('two who present are both seen by a third, and each is told who sees what', async ({ browser }) => {
  const [aylin, tom, lea] = [await person('Aylin Kaya'), await person('Tom Strand'), await person('Lea Novak')];
  const { slug } = await openRoom(aylin, { accessLevel: 'organisation' });
  const pages: Page[] = [];
  for (const one of [aylin, tom, lea]) {
    const { page } = await visitorAs(browser, one, { viewport: { width: 1440, height: 900 } });
    await page.goto(`/r/${slug}`);
    await joinMeeting(page);
    pages.push(page);
  }
  const [first, second, third] = pages as [Page, Page, Page];
  await expect(participants(third)).toHaveCount(3);

  await control(first, 'Present your screen').click();
  await expectSeen(third, 'Aylin Kaya');
  await expect(first.getByText('You are presenting. Everyone in the meeting sees what you chose.')).toBeVisible();
  await control(second, 'Present your screen').click();

  // The third sees both, side by side; whoever presents sees the other's, and is told.
  await expectSeen(third, 'Tom Strand');
  await expectSeen(third, 'Aylin Kaya');
  await expectSeen(first, 'Tom Strand');
  await expectSeen(second, 'Aylin Kaya');
  await expect(first.getByText(/You and .Tom Strand. are presenting/)).toBeVisible();
  await expect(second.getByText(/You and .Aylin Kaya. are presenting/)).toBeVisible();

  // One of them alone, magnified by buttons, wheel and keys, and whole again.
  await third.getByRole('group', { name: 'Screens' }).getByRole('button', { name: 'Aylin Kaya' }).click();
  await expect(screenOf(third, 'Tom Strand')).toHaveCount(0);
  const view = screenOf(third, 'Aylin Kaya').getByRole('group', { name: 'What Aylin Kaya presents' });
  await view.hover();
  await screenOf(third, 'Aylin Kaya').getByRole('button', { name: 'Larger' }).click();
  expect(await scaleOf(third, 'Aylin Kaya')).toBeCloseTo(1.4);
  await third.mouse.wheel(0, -400);
  await expect.poll(() => scaleOf(third, 'Aylin Kaya')).toBeGreaterThan(2);
  await view.focus();
  await third.keyboard.press('0');
  await expect.poll(() => scaleOf(third, 'Aylin Kaya')).toBe(1);
  await third.getByRole('button', { name: 'Side by side' }).click();
  await expectSeen(third, 'Tom Strand');

  // On a phone one after the other, and the pages of people stay below.
  await third.setViewportSize({ width: 390, height: 844 });
  await expect(third.getByRole('region', { name: /^Screen of/ })).toHaveCount(1);
  await third.getByRole('group', { name: 'Screens' }).getByRole('button', { name: 'Aylin Kaya' }).click();
  await expectSeen(third, 'Aylin Kaya');
  const [screen, people] = [
    await screenOf(third, 'Aylin Kaya').boundingBox(),
    await third.getByRole('group', { name: 'Participants' }).boundingBox(),
  ];
  expect((screen?.y ?? 0) + (screen?.height ?? 0)).toBeLessThanOrEqual(people?.y ?? 0);
  await third.setViewportSize({ width: 1440, height: 900 });

  // A panel takes the focus and gives it back; the people keep their places.
  await control(second, 'Stop presenting').click();
  await control(first, 'Stop presenting').click();
  await expect(third.getByRole('region', { name: /^Screen of/ })).toHaveCount(0);
  const names = () => participants(third).evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label')));
  const before = await names();
  await control(third, 'People').click();
  await expect(third.getByRole('tab', { name: 'People' })).toBeFocused();
  expect(await names()).toEqual(before);
  await third.keyboard.press('ArrowLeft');
  await expect(third.getByRole('tab', { name: 'Files' })).toBeFocused();
  await third.keyboard.press('Escape');
  await expect(third.getByRole('complementary')).toHaveCount(0);
  await expect(control(third, 'People')).toBeFocused();

  // Who goes is named, and the end takes the focus to its heading.
  await control(second, 'Leave').click();
  await expect(second.getByRole('heading', { name: 'You left the meeting' })).toBeFocused();
  await expect(third.getByText('Tom Strand left.')).toBeAttached();
});
