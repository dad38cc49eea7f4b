import type { Browser, Page } from '@playwright/test';
import { person } from '../support/api.js';
import { control, joinMeeting, visitorAs, type Visitor } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';

/** What the page of these journeys keeps for us. */
interface SlowDevices {
  answer: (refuse?: boolean) => void;
  tracks: MediaStreamTrack[];
}
type WithSlowDevices = typeof globalThis & { slowDevices: SlowDevices };

/** The browser asks for camera and microphone and gets no answer until `answer`: a person who has not seen the question yet. */
async function devicesAnswerLate(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    const slow: SlowDevices = { answer: () => undefined, tracks: [] };
    const answered = new Promise<boolean>((resolve) => (slow.answer = (refuse = false) => resolve(refuse)));
    devices.getUserMedia = async (wish) => {
      if (await answered) throw new DOMException('no', 'NotAllowedError');
      const stream = await open(wish);
      slow.tracks.push(...stream.getTracks());
      return stream;
    };
    (globalThis as WithSlowDevices).slowDevices = slow;
  });
}

const answer = (page: Page, refuse = false) =>
  page.evaluate((no) => (globalThis as WithSlowDevices).slowDevices.answer(no), refuse);

/** Somebody who joins their room while the question of the browser is still open. */
async function joinEarly(browser: Browser): Promise<Visitor> {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const early = await visitorAs(browser, owner);
  await devicesAnswerLate(early.page);
  await early.page.goto(`/r/${slug}`);
  for (const name of ['Microphone', 'Camera'])
    await expect(early.page.getByRole('combobox', { name })).toContainText('Waiting for the browser…');
  await joinMeeting(early.page);
  await expect(control(early.page, 'Turn camera on')).toBeVisible();
  return early;
}

test('whoever joins before the camera answers is seen and heard once it does', async ({ browser }) => {
  const { page, errors } = await joinEarly(browser);
  await answer(page);
  await expect(control(page, 'Turn camera off')).toBeVisible();
  await expect(control(page, 'Turn microphone off')).toBeVisible();
  await expect(page.locator('video').first()).toBeVisible();
  expect(errors).toEqual([]);
});

test('a camera that is refused after Join is told in the meeting', async ({ browser }) => {
  const { page } = await joinEarly(browser);
  await answer(page, true);
  await expect(page.getByText('The camera is blocked', { exact: false }).first()).toBeVisible();
  await expect(control(page, 'Turn camera on')).toBeVisible();
});

test('a camera that answers after its person has left goes dark again at once', async ({ browser }) => {
  const { page, errors } = await joinEarly(browser);
  await control(page, 'Leave').click();
  await page.getByRole('menuitem', { name: 'Leave the meeting' }).click();
  await expect(page.getByRole('heading', { name: /left/i })).toBeVisible();
  await answer(page);
  const states = () =>
    page.evaluate(() => (globalThis as WithSlowDevices).slowDevices.tracks.map(({ readyState }) => readyState));
  await expect.poll(states).toEqual(['ended', 'ended']);
  expect(errors).toEqual([]);
});
