import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { person } from '../support/api.js';
import { joinMeeting, participants, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { pacedUpload } from '../support/paced-upload.js';
import { download, invite, openRoom, sha256 } from '../support/rooms.js';
import { openPanel, seeEachOther } from './people.js';

const [begun, ended] = [process.env['CONCLAVE_LAB_BEGUN'] ?? '', process.env['CONCLAVE_LAB_ENDED'] ?? ''];

const say = async (page: Page, words: string) => {
  await page.getByLabel('Message to everyone').fill(words);
  await page.getByRole('button', { name: 'Send' }).click();
};

test('a meeting of two goes on while every service is replaced', async ({ browser }) => {
  test.setTimeout(300_000);
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const { slug } = await openRoom(owner);
  await invite(owner, slug, guest);
  const aylin = await visitorAs(browser, owner);
  const tom = await visitorAs(browser, guest);
  for (const { page } of [aylin, tom]) {
    await page.goto(`/r/${slug}`);
    await joinMeeting(page);
  }
  await expect(participants(aylin.page)).toHaveCount(2);
  await seeEachOther(aylin.page, tom.page);
  await openPanel(aylin.page, /^Chat/);
  await openPanel(tom.page, /^Chat/);
  await say(aylin.page, 'before');
  await expect(tom.page.getByRole('log')).toContainText('before');

  // Nobody loads a page again: the same meeting is looked at before, meanwhile and afterwards.
  writeFileSync(begun, '');
  const hashes = new Map<string, string>();
  for (let round = 0; !existsSync(ended); round++) {
    await seeEachOther(aylin.page, tom.page);
    await expect(participants(aylin.page)).toHaveCount(2);
    await say(aylin.page, `meanwhile ${round}`);
    await expect(tom.page.getByRole('log')).toContainText(`meanwhile ${round}`, { timeout: 45_000 });
    // Always on its way: a file that takes a while, through whatever pods there are.
    const bytes = randomBytes(512 * 1024);
    const { status, body } = await pacedUpload(owner, slug, `meanwhile ${round}.bin`, bytes, { ms: 2_000 });
    expect(status).toBe(201);
    hashes.set(body.id, sha256(bytes));
  }
  for (const [id, hash] of hashes) {
    const back = await download(owner, slug, id);
    expect(sha256(Buffer.from(await back.arrayBuffer()))).toBe(hash);
  }
  await say(tom.page, 'after');
  await expect(aylin.page.getByRole('log')).toContainText('after', { timeout: 45_000 });
  for (const words of ['before', 'meanwhile 0', 'after'])
    await expect(aylin.page.getByRole('log').getByText(words, { exact: true })).toHaveCount(1);
  await seeEachOther(aylin.page, tom.page);
  for (const { errors } of [aylin, tom]) expect(errors).toEqual([]);
});
