import { expect, test } from '../support/journey.js';
import { person } from '../support/api.js';
import { joinMeeting, makeRoom, participants, signUp, visitor, visitorAs } from '../support/app.js';
import { invite, openRoom } from '../support/rooms.js';

test('an invitation by link leads a stranger over sign-up to the door, and lets in one person only', async ({
  browser,
}) => {
  const aylin = await visitorAs(browser, await person('Aylin Kaya'));
  await makeRoom(aylin.page, 'Board review');
  await aylin.page.getByRole('dialog').getByRole('button', { name: 'Invite someone' }).click();
  await aylin.page.getByRole('button', { name: 'Make an invitation link' }).click();
  const link = (await aylin.page.getByLabel('Invitation link', { exact: true }).innerText()).trim();
  expect(link).toMatch(/\/invite#cnv_inv_/);
  await aylin.page.getByRole('button', { name: 'Done' }).click();

  // The token leaves the address at once: no history, no screenshot, no Referer holds it.
  const tom = await visitor(browser, 'Tom Strand');
  await tom.page.goto(link);
  await expect(tom.page.getByRole('heading', { name: 'You are invited to a room' })).toBeVisible();
  expect(tom.page.url()).not.toContain('cnv_inv_');
  await tom.page.getByRole('link', { name: 'Create account' }).click();
  await tom.page.waitForURL('**/sign-up?*');
  await signUp(tom);
  await expect(tom.page.getByRole('heading', { name: 'Board review' })).toBeVisible();
  await expect(tom.page.getByText('You are invited as \u2068Tom Strand\u2069.')).toBeVisible();
  await joinMeeting(tom.page);
  await expect(participants(tom.page)).toHaveCount(1);

  const eve = await visitorAs(browser, await person('Eve'));
  await eve.page.goto(link);
  await expect(eve.page.getByRole('heading', { name: 'This invitation has been used' })).toBeVisible();
  await expect(eve.page.getByText('Board review')).toHaveCount(0);
  // Its own person may open it again: they are at the door.
  const again = await tom.page.context().newPage();
  await again.goto(link);
  await expect(again.getByRole('heading', { name: 'Board review' })).toBeVisible();

  await aylin.page.getByRole('button', { name: 'More about Board review' }).first().click();
  await aylin.page.getByRole('menuitem', { name: 'Room settings' }).click();
  const row = aylin.page.getByRole('list', { name: 'Invitations' }).getByRole('listitem');
  await expect(row.filter({ hasText: 'Tom Strand' })).toContainText('Accepted');
  for (const { errors } of [aylin, tom, eve]) expect(errors).toEqual([]);
});

test('a link that was taken back, has expired, is cut or invented says so', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const aylin = await visitorAs(browser, owner);
  const tom = await visitorAs(browser, await person('Tom Strand'));
  const expectHeading = async (link: string, name: string) => {
    // A hash alone would not load the page anew.
    await tom.page.goto('about:blank');
    await tom.page.goto(link);
    await expect(tom.page.getByRole('heading', { name })).toBeVisible();
  };

  await aylin.page.goto(`/r/${slug}/settings`);
  await aylin.page.getByRole('button', { name: 'Make an invitation link' }).click();
  const link = (await aylin.page.getByLabel('Invitation link', { exact: true }).innerText()).trim();
  await aylin.page
    .getByRole('list', { name: 'Invitations' })
    .getByRole('button', { name: 'Take back the invitation for one person' })
    .first()
    .click();
  await expect(aylin.page.getByText('The invitation is taken back.')).toBeVisible();
  await expectHeading(link, 'The host took this invitation back');

  const soon = new Date(Date.now() + 2_000).toISOString();
  const path = `/rooms/${slug}/invitations`;
  const { body: short } = await owner.call<{ link: string }>('POST', path, { expiresAt: soon });
  await expect
    .poll(async () => (await owner.call<{ items: { status: string }[] }>('GET', path)).body.items.map((i) => i.status))
    .toContain('expired');
  await expectHeading(short.link, 'This invitation has expired');
  await aylin.page.reload();
  await expect(aylin.page.getByRole('list', { name: 'Invitations' })).toContainText('Expired');

  await expectHeading(link.slice(0, -20), 'This does not exist');
  await expectHeading('/invite#cnv_inv_', 'The invitation link is not whole');
  await expectHeading('/invite', 'The invitation link is not whole');
  for (const { errors } of [aylin, tom]) expect(errors).toEqual([]);
});

test('taking back an accepted invitation ends the membership and the meeting it gave', async ({ browser }) => {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const { slug } = await openRoom(owner);
  await invite(owner, slug, guest);
  const [aylin, tom] = [await visitorAs(browser, owner), await visitorAs(browser, guest)];
  await tom.page.goto(`/r/${slug}`);
  await joinMeeting(tom.page);
  await expect(participants(tom.page)).toHaveCount(1);

  await aylin.page.goto(`/r/${slug}/settings`);
  await aylin.page.getByRole('button', { name: 'End the membership of Tom Strand' }).click();
  await aylin.page.getByRole('alertdialog').getByRole('button', { name: 'End membership' }).click();
  await expect(tom.page.getByRole('heading', { name: 'Your invitation was taken back' })).toBeVisible();
  await tom.page.goto(`/r/${slug}`);
  await expect(tom.page.getByRole('heading', { name: 'You are not invited to this room' })).toBeVisible();
  await tom.page.goto('/');
  await expect(tom.page.getByText('No rooms yet')).toBeVisible();
});

test('an invitation for an address is no use to another account', async ({ browser }) => {
  const [owner, eve] = [await person('Aylin Kaya'), await visitorAs(browser, await person('Eve'))];
  const { slug } = await openRoom(owner);
  const { body } = await owner.call<{ link: string }>('POST', `/rooms/${slug}/invitations`, {
    email: 'tom.strand@example.test',
  });
  await eve.page.goto(body.link);
  await expect(eve.page.getByRole('heading', { name: 'This invitation is for another address' })).toBeVisible();
  await eve.page.goto(`/r/${slug}`);
  await expect(eve.page.getByRole('heading', { name: 'You are not invited to this room' })).toBeVisible();
});
