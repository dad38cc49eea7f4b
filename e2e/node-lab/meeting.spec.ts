import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { person } from '../support/api.js';
import { joinMeeting, participants, signUp, visitor, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { inviteAddress, openRoom } from '../support/rooms.js';
import { openPanel, seeEachOther } from './people.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function share(page: Page, name: string, buffer: Buffer): Promise<void> {
  await openPanel(page, 'Files');
  await page.getByLabel('Choose files to share').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

test('two people: sign-up, camera and microphone, chat, a sealed file that comes back and closes behind who leaves', async ({
  browser,
}) => {
  test.setTimeout(420_000);
  // The owner came before; the guest is new and signs up on the way.
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const aylin = await visitorAs(browser, owner);
  const tom = await visitor(browser, 'Tom Strand');
  const { hash } = new URL(await inviteAddress(owner, slug, tom.email));
  await aylin.page.goto(`/r/${slug}`);
  await joinMeeting(aylin.page);
  await tom.page.goto(`/invite${hash}`);
  await tom.page.getByRole('link', { name: 'Create account' }).first().click();
  await tom.page.waitForURL('**/sign-up?*');
  expect(await signUp(tom)).toMatch(/^cnv_/);
  await joinMeeting(tom.page);
  await expect(participants(aylin.page)).toHaveCount(2, { timeout: 60_000 });
  await seeEachOther(aylin.page, tom.page);

  await openPanel(aylin.page, /^Chat/);
  await aylin.page.getByLabel('Message to everyone').fill('Good morning. 🙂');
  await aylin.page.getByRole('button', { name: 'Send' }).click();
  await openPanel(tom.page, /^Chat/);
  await expect(tom.page.getByRole('log')).toContainText('Good morning. 🙂', { timeout: 60_000 });

  const bytes = randomBytes(3 * 1024 * 1024 + 17);
  await share(aylin.page, 'Cash plan.xlsx', bytes);
  await openPanel(tom.page, 'Files');
  const row = tom.page.getByLabel('Files').getByRole('listitem').filter({ hasText: 'Cash plan.xlsx' });
  await expect(row).toBeVisible({ timeout: 90_000 });
  const [download] = await Promise.all([
    tom.page.waitForEvent('download', { timeout: 60_000 }),
    row
      .getByRole('link', { name: /download/i })
      .or(row.getByRole('button', { name: /download/i }))
      .click(),
  ]);
  expect(sha256(await readFile(await download.path()))).toBe(sha256(bytes));

  await openPanel(tom.page, 'Leave');
  await expect(tom.page.getByRole('heading', { name: /left/i })).toBeVisible({ timeout: 60_000 });
  await tom.page.goto(`/r/${slug}/files`);
  await expect(tom.page.getByText('Closed while you are outside')).toBeVisible({ timeout: 60_000 });
  await expect(participants(aylin.page)).toHaveCount(1, { timeout: 60_000 });
  for (const { errors } of [aylin, tom]) expect(errors).toEqual([]);
});
