import { generateSync } from 'otplib';
import type { Page } from '@playwright/test';
import { person, type Caller } from '../support/api.js';
import { visitor, visitorAs } from '../support/app.js';
import { expectAccessible } from '../support/accessible.js';
import { query } from '../support/database.js';
import { expect, test } from '../support/journey.js';

/** What the app of a person shows, now or in half a minute. */
const codeOf = (secret: string, step: 0 | 1 = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + step * 30 });

/** As if ten minutes had passed since anything was proven. */
const forgetProof = ({ email }: Caller) =>
  query(
    'auth',
    `update session set proven_at = proven_at - interval '11 minutes' where user_id = (select id from "user" where email = $1)`,
    [email],
  );

/** Adds an authenticator app by keyboard alone; answers its secret and the recovery codes. */
async function addApp(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.getByRole('button', { name: 'Add an authenticator app' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add an authenticator app' });
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Phone');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  await expectAccessible(page);
  const secret = (await dialog.getByLabel('Key', { exact: true }).innerText()).replaceAll(/\s/g, '');
  await expect(dialog.getByLabel('Code that the app shows now')).toBeFocused();
  await page.keyboard.type('000000');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('That code is not right')).toBeVisible();
  await dialog.getByLabel('Code that the app shows now').fill(codeOf(secret));
  await page.keyboard.press('Enter');
  const shown = page.getByRole('dialog', { name: 'Your recovery codes' });
  await expect(shown.getByRole('listitem')).toHaveCount(10);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  const codes = await shown.getByRole('listitem').allInnerTexts();
  await shown.getByRole('checkbox', { name: 'I have stored them safely' }).press('Space');
  await shown.getByRole('button', { name: 'Continue' }).press('Enter');
  await expect(shown).toBeHidden();
  await expect(page.getByRole('list', { name: 'Second factors' }).getByText('Phone')).toBeVisible();
  await expect(page.getByText('10 recovery codes are left.')).toBeVisible();
  return { secret, codes };
}

async function typePassword(page: Page, { email, password }: Caller): Promise<void> {
  await page.goto('/sign-in?returnUrl=/settings');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
}

test('an authenticator app is added, asked for at sign-in, stood in for by a recovery code, and removed', async ({
  browser,
}) => {
  const marta = await person('Marta Berg');
  const { page, errors } = await visitorAs(browser, marta);
  await page.goto('/settings');
  const { secret, codes } = await addApp(page);

  const desk = await visitor(browser, 'Marta Berg');
  await typePassword(desk.page, marta);
  await expectAccessible(desk.page);
  // Half a sign-in opens nothing.
  expect(await desk.page.evaluate(async () => (await fetch('/api/v1/me')).status)).toBe(401);
  await expect(desk.page.getByLabel('Code of your authenticator app')).toBeFocused();
  await desk.page.keyboard.type('000000');
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByText('That code is not right')).toBeVisible();
  await desk.page.getByLabel('Code of your authenticator app').fill(codeOf(secret, 1));
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByRole('heading', { name: 'Security' })).toBeVisible();

  const elsewhere = await visitor(browser, 'Marta Berg');
  await typePassword(elsewhere.page, marta);
  await elsewhere.page.getByRole('button', { name: 'Use a recovery code' }).press('Enter');
  await expect(elsewhere.page.getByLabel('Recovery code')).toBeFocused();
  await elsewhere.page.keyboard.type(codes[0] ?? '');
  await elsewhere.page.keyboard.press('Enter');
  await expect(elsewhere.page.getByText('9 recovery codes are left.')).toBeVisible();

  await forgetProof(marta);
  await page.getByRole('button', { name: 'Remove Phone' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  const proof = page.getByRole('dialog', { name: 'Prove that it is you' });
  await expect(proof).toBeVisible();
  await expectAccessible(page);
  await proof.getByRole('button', { name: 'Use a recovery code' }).click();
  await proof.getByLabel('Recovery code').fill(codes[1] ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByText('You have none yet: your password alone lets you in.')).toBeVisible();
  expect(errors).toEqual([]);
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]));
  for (const secretText of [secret, ...codes]) expect(kept).not.toContain(secretText);
});
