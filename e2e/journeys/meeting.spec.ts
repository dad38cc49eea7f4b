import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/journey.js';
import { joinMeeting, makeRoom, participants, signUp, visitor } from '../support/app.js';
import { expectLiveMedia, received } from '../support/media.js';

const openPanel = (page: Page, name: RegExp | string) =>
  page.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button', { name }).click();

test('three people from sign-up to goodbye: the owner, the invited, the uninvited', async ({ browser }) => {
  test.setTimeout(240_000);
  const aylin = await visitor(browser, 'Aylin Kaya');
  const tom = await visitor(browser, 'Tom Strand');
  const eve = await visitor(browser, 'Eve Uninvited');

  // The owner signs up, is shown the personal token once, makes a room and invites Tom by address.
  expect(await signUp(aylin)).toMatch(/^cnv_/);
  const link = await makeRoom(aylin.page, 'Board review, third quarter');
  const dialog = aylin.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Invite someone' }).click();
  await aylin.page.getByLabel('E-mail address').fill(tom.email);
  await aylin.page.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(aylin.page.getByText(`Invitation for ${tom.email}`)).toBeVisible();
  await expect(aylin.page.getByText(`Send this link to ${tom.email}`)).toBeVisible();
  const invitation = (await aylin.page.getByLabel('Invitation link', { exact: true }).innerText()).trim();
  await aylin.page.getByRole('button', { name: 'Done' }).click();

  // Tom opens the link he was sent, Eve the room's; sign-up leads both back to the same room.
  await aylin.page.goto(link);
  await expect(aylin.page.getByRole('heading', { name: 'Board review, third quarter' })).toBeVisible();
  await joinMeeting(aylin.page);
  for (const [{ page }, opened] of [
    [tom, invitation],
    [eve, link],
  ] as const) {
    await page.goto(opened);
    await page.getByRole('link', { name: 'Create account' }).first().click();
    await page.waitForURL('**/sign-up?*');
  }
  await signUp(tom);
  await expect(tom.page.getByRole('heading', { name: 'Board review, third quarter' })).toBeVisible();
  await joinMeeting(tom.page);
  await signUp(eve);
  await expect(eve.page.getByText(/not invited|only the invited|ask the host/i).first()).toBeVisible();
  await expect(eve.page.getByRole('button', { name: 'Join the meeting' })).toHaveCount(0);
  await expect(eve.page.getByText('Board review')).toHaveCount(0);

  // They see and hear each other.
  await expect(participants(aylin.page)).toHaveCount(2);
  await expect(participants(tom.page)).toHaveCount(2);
  await Promise.all([expectLiveMedia(aylin.page), expectLiveMedia(tom.page)]);

  // Chat arrives, with history for whoever opens the panel later.
  await openPanel(aylin.page, /^Chat/);
  await aylin.page.getByLabel('Message to everyone').fill('Good morning. <b>Page 4</b> is the one. 🙂');
  await aylin.page.getByRole('button', { name: 'Send' }).click();
  await openPanel(tom.page, /^Chat/);
  await expect(tom.page.getByRole('log')).toContainText('Good morning. <b>Page 4</b> is the one. 🙂');

  // A file goes over, sealed, and comes back byte for byte.
  const bytes = randomBytes(3 * 1024 * 1024 + 17);
  await openPanel(aylin.page, 'Files');
  await aylin.page
    .getByLabel('Choose files to share')
    .setInputFiles({ name: 'Cash plan 2027.xlsx', mimeType: 'application/octet-stream', buffer: bytes });
  await openPanel(tom.page, 'Files');
  const row = tom.page.getByLabel('Files').getByRole('listitem').filter({ hasText: 'Cash plan 2027.xlsx' });
  await expect(row).toBeVisible({ timeout: 30_000 });
  const [download] = await Promise.all([
    tom.page.waitForEvent('download'),
    row
      .getByRole('link', { name: /download/i })
      .or(row.getByRole('button', { name: /download/i }))
      .click(),
  ]);
  expect(download.suggestedFilename()).toBe('Cash plan 2027.xlsx');
  const came = createHash('sha256')
    .update(await readFile(await download.path()))
    .digest('hex');
  expect(came).toBe(createHash('sha256').update(bytes).digest('hex'));

  // Presenting the screen is seen.
  await openPanel(aylin.page, 'Present your screen');
  await expect(tom.page.getByLabel('Screen of Aylin Kaya').first()).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await received(tom.page)).videos, { timeout: 30_000 }).toBeGreaterThan(1);
  await openPanel(aylin.page, 'Stop presenting');
  await expect(tom.page.getByLabel('Screen of Aylin Kaya')).toHaveCount(0);

  // Microphone and camera states are seen by the other.
  await openPanel(tom.page, 'Turn microphone off');
  await openPanel(aylin.page, 'People');
  await expect(aylin.page.getByLabel('People in the meeting').getByText('Muted')).toBeVisible();

  // Tom leaves: his files close and say why.
  await openPanel(tom.page, 'Leave');
  await expect(tom.page.getByRole('heading', { name: /left/i })).toBeVisible();
  await tom.page.goto(`${new URL(link).pathname}/files`);
  await expect(tom.page.getByText('Closed while you are outside')).toBeVisible();
  await expect(participants(aylin.page)).toHaveCount(1);

  // He comes back, is removed, and stays out.
  await tom.page.goto(link);
  await joinMeeting(tom.page);
  await expect(participants(aylin.page)).toHaveCount(2);
  await aylin.page.getByRole('button', { name: 'Options for Tom Strand' }).click();
  await aylin.page.getByRole('menuitem', { name: 'Remove from the meeting' }).click();
  await aylin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(tom.page.getByText(/removed/i).first()).toBeVisible();
  await tom.page.goto(link);
  await expect(tom.page.getByText(/removed/i).first()).toBeVisible();
  await expect(tom.page.getByRole('button', { name: 'Join the meeting' })).toHaveCount(0);

  // The owner ends the meeting for all and signs out.
  await openPanel(aylin.page, 'Leave');
  await aylin.page.getByRole('menuitem', { name: 'End for all' }).click();
  await aylin.page.getByRole('alertdialog').getByRole('button', { name: 'End for all' }).click();
  await expect(aylin.page.getByRole('heading', { name: /ended/i })).toBeVisible();
  for (const store of await aylin.page.evaluate(() => [
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
    document.cookie,
  ])) {
    expect(store).not.toMatch(/cnv_|eyJ/);
  }
  for (const { errors } of [aylin, tom, eve]) expect(errors).toEqual([]);
});
