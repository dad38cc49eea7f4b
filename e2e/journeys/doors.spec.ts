import type { Page } from '@playwright/test';
import { expect, test } from '../support/journey.js';
import { person } from '../support/api.js';
import { control, joinMeeting, makeRoom, participants, visitorAs } from '../support/app.js';
import { invite, openRoom } from '../support/rooms.js';

const knock = (page: Page) => page.getByRole('button', { name: /^(Join the meeting|Try again in)/ });

test('the access code is asked once; wrong ones cost attempts, then time', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const aylin = await visitorAs(browser, owner);
  const link = await makeRoom(aylin.page, 'Suppliers', /^Access code/);
  const dialog = aylin.page.getByRole('dialog');
  const code = (await dialog.getByLabel('Access code', { exact: true }).innerText()).trim();

  const eve = await visitorAs(browser, await person('Eve'));
  await eve.page.goto(link);
  await knock(eve.page).click();
  await expect(eve.page.getByText('Type the access code.')).toBeVisible();
  for (const words of [
    '4 attempts are left.',
    '3 attempts are left.',
    '2 attempts are left.',
    'One attempt is left.',
  ]) {
    await eve.page.getByLabel('Access code').fill('aaaabbbbcccc');
    await knock(eve.page).click();
    await expect(eve.page.getByText(`That is not the access code. ${words}`)).toBeVisible();
  }
  await eve.page.getByLabel('Access code').fill('aaaabbbbcccc');
  await knock(eve.page).click();
  await expect(eve.page.getByRole('button', { name: /^Try again in \d+ s/ })).toBeDisabled();
  await expect(eve.page.getByText('No attempts are left for now.')).toBeVisible();
  // Another try than the page's own is no way around the wait.
  await eve.page.reload();
  await eve.page.getByLabel('Access code').fill(code);
  await knock(eve.page).click();
  await expect(eve.page.getByText(/Too many tries\. Wait \d+ seconds/)).toBeVisible();

  const tom = await visitorAs(browser, await person('Tom Strand'));
  await tom.page.goto(link);
  await tom.page.getByLabel('Access code').fill(` ${code.toUpperCase().replaceAll('-', ' ')}`);
  await joinMeeting(tom.page);
  await control(tom.page, 'Leave').click();
  await tom.page.getByRole('button', { name: 'Rejoin' }).click();
  await expect(knock(tom.page)).toBeVisible();
  await expect(tom.page.getByLabel('Access code')).toHaveCount(0);

  // A new code: who proved the old one proves the new one.
  await aylin.page.goto(`${new URL(link).pathname}/settings`);
  await aylin.page.getByRole('button', { name: 'New code' }).click();
  await aylin.page.getByRole('alertdialog').getByRole('button', { name: 'Make a new code' }).click();
  await expect(aylin.page.getByText('The new access code holds from now on.')).toBeVisible();
  const fresh = (await aylin.page.getByLabel('Access code', { exact: true }).innerText()).trim();
  expect(fresh).not.toBe(code);
  await tom.page.reload();
  await tom.page.getByLabel('Access code').fill(code);
  await knock(tom.page).click();
  await expect(tom.page.getByText('That is not the access code.')).toBeVisible();
  await tom.page.getByLabel('Access code').fill(fresh);
  await joinMeeting(tom.page);
  for (const { errors } of [aylin, eve, tom]) expect(errors).toEqual([]);
});

test('a room that asks for everything opens to the invited with code and personal token', async ({ browser }) => {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const room = await openRoom(owner, { accessLevel: 'invited_and_code', settings: { askPersonalToken: true } });
  const eve = await visitorAs(browser, await person('Eve'));
  await eve.page.goto(`/r/${room.slug}`);
  await expect(eve.page.getByRole('heading', { name: 'You are not invited to this room' })).toBeVisible();
  // What it says and what one can do stand together.
  await expect(eve.page.getByRole('link', { name: 'Go to your rooms' })).toBeInViewport();

  await invite(owner, room.slug, guest);
  const { page, errors } = await visitorAs(browser, guest);
  await page.goto(`/r/${room.slug}`);
  await knock(page).click();
  await expect(page.getByText('Type the access code.')).toBeVisible();
  await expect(page.getByText('Paste your personal token.')).toBeVisible();
  await page.getByLabel('Access code').fill(room.accessCode);
  const token = page.getByRole('textbox', { name: 'Personal token' });
  await token.fill(`cnv_${'a'.repeat(52)}`);
  await knock(page).click();
  await expect(page.getByText('That is not your personal token.')).toBeVisible();
  await token.fill(guest.personalToken);
  await joinMeeting(page);

  // A new token from the settings: the old one dies, the new one opens.
  await page.goto('/settings');
  await page.getByRole('button', { name: 'New personal token' }).click();
  await page.getByLabel('Password', { exact: true }).fill(guest.password);
  await page.getByRole('button', { name: 'Make a new token' }).click();
  const fresh = (await page.getByText(/^cnv_/).first().innerText()).trim();
  await page.getByRole('checkbox', { name: /stored it safely/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.goto(`/r/${room.slug}`);
  await token.fill(guest.personalToken);
  await knock(page).click();
  await expect(page.getByText('That is not your personal token.')).toBeVisible();
  await token.fill(fresh);
  await joinMeeting(page);
  expect(errors).toEqual([]);
});

test('the host renames the room, changes its door, deletes it after being asked, and it is gone', async ({
  browser,
}) => {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const { slug } = await openRoom(owner, { name: 'Old name' });
  const [aylin, tom] = [await visitorAs(browser, owner), await visitorAs(browser, guest)];
  const { page } = aylin;
  await page.goto(`/r/${slug}/settings`);
  await page.getByLabel('Name', { exact: true }).fill('New name');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByRole('heading', { name: 'New name' })).toBeVisible();
  await page.getByRole('radio', { name: /^Organisation/ }).check();
  await expect(page.getByText('It holds for everyone who comes to the door from now on.')).toBeVisible();
  await page.getByRole('checkbox', { name: /personal token at the door/ }).check();
  await expect(page.getByText('The door asks for the personal token now.')).toBeVisible();
  await tom.page.goto(`/r/${slug}`);
  await expect(tom.page.getByRole('heading', { name: 'New name' })).toBeVisible();
  await expect(tom.page.getByRole('textbox', { name: 'Personal token' })).toBeVisible();
  await page.getByRole('checkbox', { name: /personal token at the door/ }).uncheck();
  await expect(page.getByText('The door no longer asks for the personal token.')).toBeVisible();
  await tom.page.reload();
  await joinMeeting(tom.page);
  await expect(participants(tom.page)).toHaveCount(1);

  await page.getByRole('button', { name: 'Delete room' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question.getByRole('button', { name: 'Delete room' })).toBeDisabled();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(question).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete room' }).click();
  await question.getByRole('textbox').fill('New name');
  await question.getByRole('button', { name: 'Delete room' }).click();
  await expect(page.getByText('No rooms yet')).toBeVisible();
  await expect(tom.page.getByRole('heading', { name: 'This room was deleted' })).toBeVisible();
  for (const path of [`/r/${slug}`, `/r/${slug}/settings`]) {
    await page.goto(path);
    await expect(page.getByText('This does not exist')).toBeVisible();
  }
  for (const { errors } of [aylin, tom]) expect(errors).toEqual([]);
});

test('signing out closes everything, a wrong password says so, and the right one leads back', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner, { name: 'Board review' });
  const { page, errors } = await visitorAs(browser, owner);
  await page.goto('/');
  await expect(page.getByText('Board review')).toBeVisible();
  await page.getByRole('button', { name: 'Account menu of Aylin Kaya' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto(`/r/${slug}`);
  await expect(page.getByRole('heading', { name: 'Sign in to enter this room' })).toBeVisible();
  await expect(page.getByText('Board review')).toHaveCount(0);
  expect((await owner.call('GET', '/me')).status).toBe(401);

  await page.goto(`/r/${slug}/settings`);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('E-mail and password do not match.')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Board review' })).toBeVisible();
  expect(page.url()).toContain(`/r/${slug}/settings`);
  expect(errors).toEqual([]);
});
