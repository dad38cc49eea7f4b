import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { person, type Caller } from './support/api.js';
import { control, joinMeeting, participants, visitorAs } from './support/app.js';
import { discard, film, type Sitter } from './support/cameras.js';
import { expect, test } from './support/journey.js';
import { expectLiveMedia } from './support/media.js';
import { invite, openRoom, upload } from './support/rooms.js';

// The pictures of the manual, taken from the real product. Only on request: PICTURES=1 playwright test --grep @pictures

const folder = join(import.meta.dirname, '../docs/pictures');
const desk = { viewport: { width: 1440, height: 900 } } as const;
const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
  colorScheme: 'dark',
} as const;

const sitters: Readonly<Record<'aylin' | 'tom' | 'lea', Sitter>> = {
  aylin: {
    wall: ['#5d6f76', '#2f3c49'],
    lamp: '#ffdca8',
    skin: ['#d3ab8b', '#b88a6b'],
    hair: '#2c2422',
    longHair: true,
    clothes: ['#34508c', '#243a66'],
    aside: -0.2,
  },
  tom: {
    wall: ['#94876c', '#54483a'],
    lamp: '#fff3d6',
    skin: ['#e0b79c', '#c08f74'],
    hair: '#6d4b33',
    clothes: ['#5f4a4e', '#463539'],
    aside: 0.25,
  },
  lea: {
    wall: ['#4b5f4e', '#2b3b34'],
    lamp: '#e6ffd0',
    skin: ['#a9785a', '#865b43'],
    hair: '#1d1917',
    longHair: true,
    clothes: ['#8a5f3c', '#65452b'],
    aside: 0.05,
  },
};

/** A browser whose camera shows a film: the file belongs to the process, so everyone gets their own. */
const withCamera = (file: string): Promise<Browser> => {
  const { executablePath, args = [] } = test.info().project.use.launchOptions ?? {};
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...args, `--use-file-for-fake-video-capture=${file}`],
  });
};

/** Devices named as on a desk: the test's own names mean nothing to a reader. */
async function nameDevices({ page }: { page: Page }): Promise<void> {
  await page.addInitScript(() => {
    const names: Record<string, string> = {
      audioinput: 'Desk microphone',
      videoinput: 'Integrated camera',
      audiooutput: 'Headphones',
    };
    Object.defineProperty(MediaDeviceInfo.prototype, 'label', {
      get(this: MediaDeviceInfo) {
        return names[this.kind];
      },
    });
  });
}

async function enter(browser: Browser, caller: Caller, slug: string, options: BrowserContextOptions): Promise<Page> {
  const { page } = await visitorAs(browser, caller, options);
  await page.goto(`/r/${slug}`);
  await joinMeeting(page);
  return page;
}

test('the pictures of the manual @pictures', async ({ browser }) => {
  test.setTimeout(240_000);
  await mkdir(folder, { recursive: true });
  const take = (page: Page, name: string) =>
    page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  const [aylin, tom, lea, omar] = [
    await person('Aylin Kaya'),
    await person('Tom Strand'),
    await person('Lea Novak'),
    await person('Omar Badr'),
  ];
  const { slug } = await openRoom(aylin, { name: 'Board review, third quarter' });
  for (const guest of [tom, lea, omar]) await invite(aylin, slug, guest);
  for (const name of ['Supplier talks', 'Project Nordlicht', 'Weekly, engineering']) await openRoom(aylin, { name });
  const audit = await openRoom(tom, { name: 'Audit preparation 2027', accessLevel: 'invited_and_code' });
  const { body } = await tom.call<{ link: string }>('POST', `/rooms/${audit.slug}/invitations`, {});
  await aylin.call('POST', '/invitations/accept', { token: new URL(body.link).hash.slice(1) });
  await openRoom(aylin, { name: 'Interviews', accessLevel: 'code' });

  const films = await Promise.all(Object.entries(sitters).map(async ([name, sitter]) => film(browser, name, sitter)));
  const browsers = await Promise.all(films.map(withCamera));
  try {
    const [first, second, third] = browsers as [Browser, Browser, Browser];
    const door = await visitorAs(first, aylin, desk);
    await nameDevices(door);
    await door.page.goto(`/r/${slug}`);
    await expect(door.page.getByRole('meter', { name: 'Microphone level' })).toBeVisible();
    await expect
      .poll(() => door.page.getByLabel('Your camera, mirrored').evaluate((video: HTMLVideoElement) => video.videoWidth))
      .toBeGreaterThan(0);
    await take(door.page, 'prejoin');
    await joinMeeting(door.page);
    const desks = door.page;
    const toms = await enter(second, tom, slug, desk);
    const leas = await enter(third, lea, slug, phone);
    const quiet = await visitorAs(second, omar, desk);
    await quiet.page.goto(`/r/${slug}`);
    await quiet.page.getByRole('button', { name: 'Turn microphone off' }).click();
    await quiet.page.getByRole('button', { name: 'Join without camera' }).click();
    await expect(participants(desks)).toHaveCount(4, { timeout: 30_000 });
    await control(toms, 'Turn microphone off').click({ timeout: 45_000 });

    for (const [caller, name, size] of [
      [lea, 'Site plan, north wing.png', 11_612_000],
      [tom, 'Cash plan 2027.xlsx', 812_400],
      [aylin, 'Q3 report, final draft.pdf', 4_218_000],
    ] as const)
      expect((await upload(caller, slug, name, randomBytes(size))).status).toBe(201);
    for (const [caller, text] of [
      [tom, 'Good morning. The cash plan is in the files, sheet 4 is the one that changed.'],
      [lea, 'Thanks. I have added the site plan, please look at the north wing before we vote.'],
      [aylin, 'Both are open here. Let us begin with the report.'],
    ] as const)
      expect((await caller.call('POST', `/rooms/${slug}/messages`, { text })).status).toBe(201);

    await control(desks, 'Files').click();
    await expect(desks.getByLabel('Files').getByText('Q3 report, final draft.pdf')).toBeVisible();
    await Promise.all([expectLiveMedia(desks), expectLiveMedia(leas)]);
    await expect(desks.getByText('You are the only one here.')).toHaveCount(0);
    // The best layer of each picture has arrived when the decoded one is wide.
    await expect
      .poll(
        () =>
          desks
            .getByRole('group', { name: 'Participants' })
            .locator('video')
            .evaluateAll((videos: HTMLVideoElement[]) => Math.min(...videos.map((video) => video.videoWidth))),
        { timeout: 40_000 },
      )
      .toBeGreaterThanOrEqual(480);
    await take(desks, 'meeting');
    await take(leas, 'meeting-phone');

    for (const [name, colorScheme] of [
      ['home', 'light'],
      ['home-dark', 'dark'],
    ] as const) {
      const { page } = await visitorAs(browser, aylin, { ...desk, colorScheme });
      await page.goto('/');
      await expect(page.getByText('Project Nordlicht')).toBeVisible();
      await expect(page.getByRole('heading', { name: 'Meeting now' })).toBeVisible();
      await take(page, name);
    }
  } finally {
    for (const one of browsers) await one.close();
    for (const file of films) await discard(file);
  }
});
