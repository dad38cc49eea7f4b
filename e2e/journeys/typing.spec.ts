import type { Page } from '@playwright/test';
import { awarenessOps, liveChannels, liveFrame } from '@conclave/contracts/live';
import { person } from '../support/api.js';
import { control, joinMeeting, visitorAs } from '../support/app.js';
import { joinBare } from '../support/bare-participant.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';
import { openSocket } from '../support/socket.js';

const line = (page: Page) => page.getByRole('status').filter({ hasText: 'typing' });
const field = (page: Page) => page.getByLabel('Message to everyone');

test('people in the chat see who is typing, until it is sent, given up, or they are put out', async ({ browser }) => {
  const [owner, guest, third] = [await person('Aylin Kaya'), await person('Tom Strand'), await person('Nadia Weiss')];
  const { slug } = await openRoom(owner, { accessLevel: 'organisation' });
  const [aylin, tom] = [await visitorAs(browser, owner), await visitorAs(browser, guest)];
  for (const { page } of [aylin, tom]) {
    await page.goto(`/r/${slug}`);
    await joinMeeting(page);
    await control(page, /^Chat/).click();
    await expect(field(page)).toBeVisible();
  }

  // Each sees the other, nobody sees themselves.
  await field(tom.page).pressSequentially('Page four');
  await expect(line(aylin.page)).toHaveText('\u2068Tom Strand\u2069 is typing…');
  await expect(line(tom.page)).toHaveCount(0);
  await field(aylin.page).pressSequentially('I think');
  await expect(line(tom.page)).toHaveText('\u2068Aylin Kaya\u2069 is typing…');

  // What is sent is not being typed any longer; who falls silent stops by themselves.
  await tom.page.getByRole('button', { name: 'Send' }).click();
  await expect(aylin.page.getByRole('log')).toContainText('Page four');
  await expect(line(aylin.page)).toHaveCount(0);
  await expect(line(tom.page)).toHaveCount(0);

  // Somebody who comes later asks, once they are in the meeting, and hears who is typing already; after a kick they hear and say nothing more.
  const { joinId } = await joinBare(browser, third, slug);
  await field(aylin.page).pressSequentially(' so too');
  const live = openSocket(`/api/v1/rooms/${slug}/live?join=${joinId}`, third);
  await live.opened;
  live.send(liveFrame(liveChannels.awareness, awarenessOps.ask));
  await expect.poll(() => live.frames.length).toBeGreaterThan(0);
  const { status } = await owner.call('POST', `/rooms/${slug}/participants/${joinId}/remove`);
  // The answer tells the host the room's new code.
  expect(status).toBe(200);
  expect(await live.ended).toBe(4403);
  const heard = live.frames.length;
  await field(tom.page).pressSequentially('Right');
  await expect(line(aylin.page)).toHaveText('\u2068Tom Strand\u2069 is typing…');
  expect(live.frames.length).toBe(heard);
  expect(await openSocket(`/api/v1/rooms/${slug}/live?join=${joinId}`, third).ended).toBe(4403);

  // Whoever leaves is not typing.
  await tom.page.close();
  await expect(line(aylin.page)).toHaveCount(0);
});
