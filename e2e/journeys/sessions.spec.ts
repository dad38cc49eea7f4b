import type { Page } from '@playwright/test';
import { expect, test } from '../support/journey.js';
import { person } from '../support/api.js';
import { joinMeeting, visitor, visitorAs } from '../support/app.js';
import { openRoom } from '../support/rooms.js';

const seconds = { timeout: 5_000 };

/** Joins, and answers the events sockets of this page that are open. */
async function join(page: Page, slug: string): Promise<{ open: () => number }> {
  let open = 0;
  page.on('websocket', (socket) => {
    if (!socket.url().includes('/api/v1/events')) return;
    open++;
    socket.on('close', () => open--);
  });
  await page.goto(`/r/${slug}`);
  await joinMeeting(page);
  await expect.poll(() => open).toBe(1);
  return { open: () => open };
}

test('signing out in one tab ends the meeting in the other, and its events', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const { page, errors } = await visitorAs(browser, owner);
  const events = await join(page, slug);
  const other = await page.context().newPage();
  await other.goto('/');
  await other.getByRole('button', { name: 'Account menu of Aylin Kaya' }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'You were signed out' })).toBeVisible(seconds);
  await expect.poll(events.open, seconds).toBe(0);
  await page.getByRole('button', { name: 'Sign in and rejoin' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to enter this room' })).toBeVisible();
  expect(errors).toEqual([]);
});

test('ending a session from the settings elsewhere ends its meeting and its events', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const inside = await visitorAs(browser, owner);
  const events = await join(inside.page, slug);

  const desk = await visitor(browser, 'Aylin Kaya');
  await desk.page.goto('/sign-in?returnUrl=/settings');
  await desk.page.getByLabel('E-mail').fill(owner.email);
  await desk.page.getByLabel('Password', { exact: true }).fill(owner.password);
  await desk.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(desk.page.getByRole('heading', { name: 'Where you are signed in' })).toBeVisible();
  await desk.page.getByRole('button', { name: /^End the session on/ }).click();
  await expect(desk.page.getByText('That session is ended.')).toBeVisible();
  await expect(inside.page.getByRole('heading', { name: 'You were signed out' })).toBeVisible(seconds);
  await expect.poll(events.open, seconds).toBe(0);
  expect((await owner.call('GET', `/rooms/${slug}/files`)).status).toBe(401);
  await desk.page.goto(`/r/${slug}`);
  await expect(desk.page.getByRole('heading', { name: 'Board review' })).toBeVisible();
});
