import type { BrowserContextOptions, Page } from '@playwright/test';
import { person, type Caller } from '../support/api.js';
import { visitor, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { inviteAddress, openRoom } from '../support/rooms.js';
import { byWords, t, type Language } from '../support/words.js';

const desk = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** Every screen is seen in each of these: name, language, size, colours. */
const looks: readonly (readonly [string, Language, typeof desk, 'light' | 'dark'])[] = [
  ['phone-light', 'en', phone, 'light'],
  ['phone-dark', 'en', phone, 'dark'],
  ['desk-light', 'en', desk, 'light'],
  ['desk-dark', 'en', desk, 'dark'],
  ['phone-pseudo', 'en-XA', phone, 'light'],
  ['desk-pseudo', 'en-XA', desk, 'light'],
  ['phone-arabic', 'ar', phone, 'light'],
];

/** What differs from run to run: times, live video, colours and letters made from ids, generated codes and addresses. */
const moving =
  'cv-avatar, video, cv-tile, [role=meter], [role=timer], .num, code, input[type=email], cv-invitations li, cv-sessions-section li .muted';

/** A page in a language and at nine in the morning, so that the greeting is always the same. */
async function prepare(page: Page, language: Language): Promise<void> {
  await page.addInitScript((code) => {
    localStorage.setItem('conclave.locale', code);
    Date.prototype.getHours = () => 9;
  }, language);
}

test.describe('screens', () => {
  let owner: Caller;
  let newcomer: Caller;
  let slug: string;

  test.beforeAll(async () => {
    owner = await person('Aylin Kaya');
    newcomer = await person('Tom Strand');
    await openRoom(owner, { name: 'Supplier talks', accessLevel: 'code' });
    ({ slug } = await openRoom(owner, { name: 'Board review, third quarter' }));
    await inviteAddress(owner, slug, 'lea.novak@example.test');
  });

  for (const [look, language, viewport, colorScheme] of looks)
    test(look, async ({ browser }) => {
      const options: BrowserContextOptions = { viewport, colorScheme, reducedMotion: 'reduce' };
      const named = byWords(language);
      const take = async (page: Page, screen: string) => {
        await page.evaluate(() => document.fonts.ready);
        await expect
          .soft(page)
          .toHaveScreenshot(`${screen}-${look}.png`, { mask: [page.locator(moving)], maskColor: '#888' });
      };
      const heading = (page: Page, id: string) => expect(named(page, 'heading', id)).toBeVisible();

      const { page: stranger } = await visitor(browser, 'Eve', options);
      await prepare(stranger, language);
      await stranger.goto('/sign-in');
      await heading(stranger, 'auth.signIn');
      await take(stranger, 'sign-in');
      await stranger.goto('/sign-up');
      await named(stranger, 'button', 'auth.create').click();
      await expect(stranger.getByText(t('auth.nameMissing', {}, language))).toBeVisible();
      await take(stranger, 'sign-up');
      await stranger.goto('/nowhere');
      await heading(stranger, 'notFound.heading');
      await take(stranger, 'not-found');

      const { page: empty } = await visitorAs(browser, newcomer, options);
      await prepare(empty, language);
      await empty.goto('/');
      await heading(empty, 'home.empty');
      await take(empty, 'home-empty');
      await empty.route('**/api/v1/rooms*', (route) => route.abort());
      await empty.goto('/');
      await heading(empty, 'reason.offline.title');
      await take(empty, 'home-failed');

      const { page } = await visitorAs(browser, owner, options);
      await prepare(page, language);
      await page.goto('/');
      await heading(page, 'home.rooms');
      await expect(page.getByText('Supplier talks')).toBeVisible();
      await take(page, 'home');
      await named(page, 'button', 'home.newRoom').click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await take(page, 'new-room');
      await page.goto('/settings');
      await expect(page.locator('cv-sessions-section li').first()).toBeVisible();
      await take(page, 'settings');
      await page.goto(`/r/${slug}/settings`);
      await expect(page.locator('cv-invitations li').first()).toBeVisible();
      await named(page, 'heading', 'rooms.invitations').first().scrollIntoViewIfNeeded();
      await take(page, 'invitations');
      await page.goto(`/r/${slug}/files`);
      await heading(page, 'files.closedTitle');
      await take(page, 'files');

      await page.goto(`/r/${slug}`);
      await named(page, 'button', 'door.microphoneOff').click();
      await expect(page.locator('video')).toBeVisible();
      await take(page, 'door');
      await named(page, 'button', 'door.join').click();
      await expect(named(page, 'toolbar', 'meeting.controls')).toBeVisible({ timeout: 30_000 });
      await expect(page.getByText(t('meeting.alone', {}, language))).toBeVisible();
      await take(page, 'meeting');
      await named(page, 'button', 'meeting.leave').click();
      await named(page, 'menuitem', 'meeting.leaveMeeting').click();
      await heading(page, 'meeting.leftTitle');
      await take(page, 'ended');
    });
});
