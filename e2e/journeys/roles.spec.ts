import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.js';
import { person } from '../support/api.js';
import { control, joinMeeting, participants, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';

const list = (page: Page) => page.getByLabel('People in the meeting').getByRole('listitem');
const row = (page: Page, name: string) => list(page).filter({ hasText: name });
const options = (page: Page, name: string) => page.getByRole('button', { name: `Options for ${name}` });

test('a co-host hosts at once, and no longer when that is taken back', async ({ browser }) => {
  test.setTimeout(180_000);
  const callers = [await person('Aylin Kaya'), await person('Anna Berg'), await person('Tom Strand')] as const;
  const { slug } = await openRoom(callers[0], { accessLevel: 'organisation' });
  const aylin = await visitorAs(browser, callers[0]);
  const anna = await visitorAs(browser, callers[1]);
  const tom = await visitorAs(browser, callers[2], { viewport: { width: 390, height: 844 }, hasTouch: true });
  for (const { page } of [aylin, anna, tom]) {
    await page.goto(`/r/${slug}`);
    await joinMeeting(page);
  }
  for (const { page } of [aylin, anna]) await control(page, 'People').click();
  await control(tom.page, 'More').tap();
  await tom.page.getByRole('menuitem', { name: 'People' }).tap();
  for (const { page } of [aylin, anna, tom]) {
    await expect(list(page)).toHaveCount(3);
    await expect(row(page, 'Anna Berg')).toContainText('Participant');
  }
  for (const { page } of [anna, tom]) await expect(page.getByRole('button', { name: /^Options for/ })).toHaveCount(0);

  // The host makes Anna a co-host, by keyboard: the menu, its item, the question.
  await options(aylin.page, 'Anna Berg').press('Enter');
  await aylin.page.getByRole('menuitem', { name: 'Make co-host' }).press('Enter');
  const question = aylin.page.getByRole('alertdialog', { name: /^Make .?Anna Berg.? a co-host\?$/ });
  await expectAccessible(aylin.page);
  await question.getByRole('button', { name: 'Make co-host' }).press('Enter');
  // Both are told, for a moment.
  await Promise.all([
    expect(aylin.page.getByText(/Anna Berg.? is a co-host now\./)).toBeVisible(),
    expect(anna.page.getByText('Your role here is now: Co-host.')).toBeVisible(),
  ]);

  // Everyone reads the new role; she has what a host has, without a reload.
  for (const { page } of [aylin, anna, tom]) await expect(row(page, 'Anna Berg')).toContainText('Co-host');
  await expect(options(anna.page, 'Tom Strand')).toBeVisible();
  await expect(options(anna.page, 'Aylin Kaya')).toHaveCount(0);
  await expect(tom.page.getByRole('button', { name: /^Options for/ })).toHaveCount(0);
  for (const { page } of [aylin, anna, tom]) await expectAccessible(page);
  await control(anna.page, 'Leave').click();
  await expect(anna.page.getByRole('menuitem', { name: 'End for all' })).toBeVisible();
  await anna.page.keyboard.press('Escape');

  // She mutes Tom, who learns it; what belongs to the owner is not offered to her.
  await options(anna.page, 'Tom Strand').click();
  await expect(anna.page.getByRole('menuitem', { name: 'Remove from the meeting' })).toBeVisible();
  await expect(anna.page.getByRole('menuitem', { name: /^Make/ })).toHaveCount(0);
  await expectAccessible(anna.page);
  await anna.page.getByRole('menuitem', { name: 'Mute' }).click();
  await expect(tom.page.getByText('A host muted you.')).toBeVisible();
  await expect(row(anna.page, 'Tom Strand')).toContainText('Muted');

  // Taken back with her menu open: it goes away under her hand, and the leave button leaves again.
  await options(anna.page, 'Tom Strand').click();
  await options(aylin.page, 'Anna Berg').click();
  await aylin.page.getByRole('menuitem', { name: 'Make participant' }).click();
  await Promise.all([
    expect(aylin.page.getByText(/Anna Berg.? is a participant again\./)).toBeVisible(),
    expect(anna.page.getByText('Your role here is now: Participant.')).toBeVisible(),
  ]);
  await expect(anna.page.getByRole('menu')).toHaveCount(0);
  await expect(anna.page.getByRole('button', { name: /^Options for/ })).toHaveCount(0);
  for (const { page } of [aylin, anna, tom]) {
    await expect(row(page, 'Anna Berg')).toContainText('Participant');
    await expectAccessible(page);
  }
  await control(anna.page, 'Leave').click();
  await expect(anna.page.getByRole('heading', { name: /left/i })).toBeVisible();
  await expect(participants(aylin.page)).toHaveCount(2);
  expect([aylin, anna, tom].flatMap(({ errors }) => errors)).toEqual([]);
});
