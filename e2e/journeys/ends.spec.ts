import type { Page } from '@playwright/test';
import { person, type Caller } from '../support/api.js';
import { carryCookie, control, participants, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { expectLiveMedia } from '../support/media.js';
import { invite, openRoom } from '../support/rooms.js';

const soon = { timeout: 15_000 };
const inside = (page: Page) => page.getByRole('toolbar', { name: 'Meeting controls' });

/** From an end, or from the door, into the meeting again. */
async function enter(page: Page, words = 'Join the meeting', again?: string): Promise<void> {
  if (again) await page.getByRole('button', { name: again }).click();
  await page.getByRole('button', { name: words }).click({ timeout: 60_000 });
  await expect(inside(page)).toBeVisible({ timeout: 30_000 });
}

/** What one reads whose stay is over. */
async function expectEnd(page: Page, heading: string, text: RegExp): Promise<void> {
  await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible(soon);
  await expect(page.getByText(text)).toBeVisible();
  await expect(inside(page)).toHaveCount(0);
}

/** For whom nothing has ended: still inside, with so many people. */
async function expectInside(page: Page, people: number): Promise<void> {
  await expect(participants(page)).toHaveCount(people, soon);
  await expect(inside(page)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
}

/** Takes back what brought somebody in. */
async function endMembership(owner: Caller, slug: string): Promise<void> {
  const { body } = await owner.call<{ items: { id: string; status: string }[] }>('GET', `/rooms/${slug}/invitations`);
  const accepted = body.items.find(({ status }) => status === 'accepted');
  expect((await owner.call('DELETE', `/rooms/${slug}/invitations/${accepted?.id}`)).status).toBe(204);
}

/** A device whose clock is wrong by an hour: nobody reads anything else for it. */
async function setClockBack(page: Page): Promise<void> {
  await page.context().addInitScript(() => {
    const [Right, now] = [Date, Date.now.bind(Date)];
    const wrong = () => now() - 3_600_000;
    window.Date = class extends Right {
      static override now = wrong;
      constructor(...facts: unknown[]) {
        super(...((facts.length > 0 ? facts : [wrong()]) as [number]));
      }
    } as DateConstructor;
  });
}

test('each way a meeting ends is told in its own words: to whoever did it, to whom it happened, and to nobody else', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const [owner, guest, colleague] = [await person('Aylin Kaya'), await person('Tom Strand'), await person('Lea Novak')];
  const { slug } = await openRoom(owner);
  for (const invited of [colleague, guest]) await invite(owner, slug, invited);
  const [aylin, tom, lea] = [
    await visitorAs(browser, owner),
    await visitorAs(browser, guest),
    await visitorAs(browser, colleague),
  ];
  await setClockBack(lea.page);
  for (const { page } of [aylin, tom, lea]) {
    await page.goto(`/r/${slug}`);
    await enter(page);
  }
  for (const { page } of [aylin, tom, lea]) await expectInside(page, 3);
  await expect(lea.page.getByRole('timer')).toHaveText(/^0?0:\d\d$/);

  await test.step('left', async () => {
    await control(tom.page, 'Leave').click();
    await expectEnd(tom.page, 'You left the meeting', /open again when you come back/);
    for (const { page } of [aylin, lea]) await expectInside(page, 2);
    await enter(tom.page, 'Join the meeting', 'Rejoin');
  });

  let leaPage = lea.page;
  await test.step('moved to another tab', async () => {
    const other = await lea.page.context().newPage();
    await other.goto(`/r/${slug}`);
    await expect(other.getByText('You are in this meeting on another tab or device.')).toBeVisible();
    await enter(other, 'Move here');
    await expectEnd(lea.page, 'You moved to another tab or device', /You go on there/);
    for (const page of [aylin.page, tom.page, other]) await expectInside(page, 3);
    await expectLiveMedia(other);
    // As well, without sound: nothing of hers is heard twice, and nothing ends.
    await lea.page.getByRole('button', { name: 'Move it back here' }).click();
    await enter(lea.page, 'Join here as well, without sound');
    await expect(lea.page.getByText('Sound is off here')).toBeVisible();
    await expect(control(lea.page, 'Turn microphone on')).toBeVisible();
    expect(
      await lea.page.locator('body > audio').evaluateAll((all) => all.every((one) => (one as HTMLAudioElement).muted)),
    ).toBe(true);
    await expectInside(other, 4);
    await control(lea.page, 'Leave').click();
    leaPage = other;
    await expectInside(other, 3);
  });

  await test.step('ended by a host', async () => {
    await control(aylin.page, 'Leave').click();
    await aylin.page.getByRole('menuitem', { name: 'End for all' }).click();
    await aylin.page.getByRole('alertdialog').getByRole('button', { name: 'End for all' }).click();
    await expectEnd(aylin.page, 'You ended the meeting for everyone', /The room stays/);
    for (const page of [tom.page, leaPage])
      await expectEnd(page, 'The meeting has ended', /A host ended it for everyone/);
    for (const page of [aylin.page, tom.page, leaPage]) await enter(page, 'Join the meeting', 'Enter again');
    await expectInside(leaPage, 3);
  });

  await test.step('the session ended', async () => {
    const { email, password } = colleague;
    expect((await colleague.call('DELETE', '/session')).status).toBe(204);
    await expectEnd(leaPage, 'You were signed out', /The session on this device has ended/);
    for (const { page } of [aylin, tom]) await expectInside(page, 2);
    expect((await colleague.call('POST', '/session', { email, password })).status).toBe(200);
    await carryCookie(leaPage.context(), colleague);
    await leaPage.goto(`/r/${slug}`);
    await enter(leaPage);
  });

  await test.step('the invitation taken back', async () => {
    await endMembership(owner, slug);
    await expectEnd(tom.page, 'Your invitation was taken back', /A host ended your membership/);
    for (const page of [aylin.page, leaPage]) await expectInside(page, 2);
    await invite(owner, slug, guest);
    await tom.page.goto(`/r/${slug}`);
    await enter(tom.page);
  });

  await test.step('removed', async () => {
    await control(aylin.page, 'People').click();
    await aylin.page.getByRole('button', { name: 'Options for Tom Strand' }).click();
    await aylin.page.getByRole('menuitem', { name: 'Remove from the meeting' }).click();
    await aylin.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await expectEnd(tom.page, 'A host removed you from this meeting', /once a host invites you again/);
    await expect(tom.page.getByRole('button', { name: /rejoin/i })).toHaveCount(0);
    for (const page of [aylin.page, leaPage]) await expectInside(page, 2);
  });

  await test.step('the room deleted', async () => {
    expect((await owner.call('DELETE', `/rooms/${slug}`)).status).toBe(204);
    for (const page of [aylin.page, leaPage]) await expectEnd(page, 'This room was deleted', /shredded/);
    await expect(tom.page.getByRole('heading', { name: 'A host removed you from this meeting' })).toBeVisible();
  });
  for (const { errors } of [aylin, tom, lea]) expect(errors).toEqual([]);
});
