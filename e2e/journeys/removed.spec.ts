import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.js';
import { person } from '../support/api.js';
import { control, joinMeeting, participants, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';

const ask = (page: Page) => page.getByRole('button', { name: 'Ask to join' });
const waits = (page: Page) => page.getByText('Waiting for the host');
const code = (page: Page) => page.getByLabel('Access code');
const newcomers = (page: Page) => page.getByRole('switch', { name: /Newcomers wait/ });

test('removed means the person: back with a new account they wait, and the host decides', async ({ browser }) => {
  test.setTimeout(240_000);
  const callers = [await person('Aylin Kaya'), await person('Tom Strand'), await person('Ben Okri')] as const;
  const { slug, accessCode } = await openRoom(callers[0], { accessLevel: 'code' });
  const [aylin, tom, ben] = [
    await visitorAs(browser, callers[0]),
    await visitorAs(browser, callers[1]),
    await visitorAs(browser, callers[2]),
  ];
  for (const { page } of [aylin, tom, ben]) {
    await page.goto(`/r/${slug}`);
    if (page !== aylin.page) await code(page).fill(accessCode);
    await joinMeeting(page);
  }
  await control(aylin.page, 'People').click();
  await expect(newcomers(aylin.page)).not.toBeChecked();

  // The host puts Tom out and has the new code one tap away; the switch says that newcomers wait now, and how to lift it.
  await aylin.page.getByRole('button', { name: 'Options for Tom Strand' }).click();
  await aylin.page.getByRole('menuitem', { name: 'Remove from the meeting' }).click();
  await aylin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(aylin.page.getByText(/Tom Strand.? is removed\. The code was changed\./)).toBeVisible();
  await aylin.page.getByRole('button', { name: 'Show the new code' }).click();
  const said = await aylin.page.getByText(/^The access code is/).innerText();
  const fresh = /[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}/.exec(said)?.[0] ?? '';
  expect(fresh).not.toBe(accessCode);
  await expect(newcomers(aylin.page)).toBeChecked();
  await expect(aylin.page.getByText('Switch it off to let them in as before.')).toBeVisible();
  await expect(tom.page.getByText(/removed/i).first()).toBeVisible();
  await expectAccessible(aylin.page);

  // Ben stays, and comes back without waiting and without the new code.
  await expect(participants(ben.page)).toHaveCount(2);
  await control(ben.page, 'Leave').click();
  await ben.page.getByRole('button', { name: 'Rejoin' }).click();
  await joinMeeting(ben.page);
  await expect(participants(ben.page)).toHaveCount(2);

  // Tom with a new account: the code he knows is wrong, and with the new one he waits, seeing himself.
  const again = await visitorAs(browser, await person('Tim Strond'));
  await again.page.goto(`/r/${slug}`);
  await expect(again.page.getByText('A host lets newcomers in here.')).toBeVisible();
  await code(again.page).fill(accessCode);
  await ask(again.page).click();
  await expect(again.page.getByText('That is not the access code.')).toBeVisible();
  await code(again.page).fill(fresh);
  await ask(again.page).click();
  await expect(waits(again.page)).toBeVisible();
  await expect(again.page.getByRole('button', { name: 'Turn camera off' })).toBeVisible();
  await expect(ask(again.page)).toBeHidden();
  await expectAccessible(again.page);

  // The host sees who it is: a toast, a badge, a row with what is proven. Ben sees nothing of it.
  await expect(aylin.page.getByText(/Tim Strond.? \(not verified\) is waiting to come in\./)).toBeVisible();
  await expect(control(aylin.page, 'People, 1 waiting')).toBeVisible();
  const row = aylin.page.getByLabel('People who wait').getByRole('listitem');
  await expect(row).toHaveCount(1);
  await expect(row.getByRole('img', { name: 'Not verified' })).toBeVisible();
  await expectAccessible(aylin.page);
  await control(ben.page, 'People').click();
  await expect(ben.page.getByLabel('People in the meeting').getByRole('listitem')).toHaveCount(2);
  await expect(ben.page.getByLabel('People who wait')).toHaveCount(0);
  await expect(newcomers(ben.page)).toHaveCount(0);
  await row.getByRole('button', { name: 'Deny Tim Strond' }).click();
  await expect(again.page.getByText(/The host did not let you in/)).toBeVisible();
  await expect(row).toHaveCount(0);
  await expect(participants(aylin.page)).toHaveCount(2);
  await expectAccessible(again.page);

  // Nora thinks better of it, asks again, and is let in from the toast.
  const nora = await visitorAs(browser, await person('Nora Lind'), { viewport: { width: 390, height: 844 } });
  await nora.page.goto(`/r/${slug}`);
  await code(nora.page).fill(fresh);
  await ask(nora.page).click();
  await expect(waits(nora.page)).toBeVisible();
  await nora.page.getByRole('button', { name: 'Cancel' }).click();
  await expect(ask(nora.page)).toBeVisible();
  await ask(nora.page).click();
  await expect(waits(nora.page)).toBeVisible();
  await expectAccessible(nora.page);
  await aylin.page.getByRole('status').getByRole('button', { name: 'Admit' }).click();
  await expect(participants(aylin.page)).toHaveCount(3, { timeout: 20_000 });
  await expect(participants(nora.page)).toHaveCount(3);

  // Lifted: whoever knows the code comes in as before.
  await newcomers(aylin.page).click();
  await expect(aylin.page.getByText('Whoever is new comes in as the room allows.')).toBeVisible();
  const kim = await visitorAs(browser, await person('Kim Sol'));
  await kim.page.goto(`/r/${slug}`);
  await code(kim.page).fill(fresh);
  await joinMeeting(kim.page);
  await expect(participants(kim.page)).toHaveCount(4);
  for (const { errors } of [aylin, tom, ben, again, nora, kim]) expect(errors).toEqual([]);
});
