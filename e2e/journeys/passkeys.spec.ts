import type { CDPSession, Page } from '@playwright/test';
import { expectAccessible } from '../support/accessible.js';
import { person } from '../support/api.js';
import { visitor, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';

/** A device of Chromium's own that verifies its person and keeps passkeys; what it holds can be carried to another page. */
async function device(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

test('a passkey is added, signs in without a password and after it, and is asked for before it is removed', async ({
  browser,
}) => {
  const marta = await person('Marta Berg');
  const { page, errors } = await visitorAs(browser, marta);
  const laptop = await device(page);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Add a passkey' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
  await expectAccessible(page);
  await dialog.getByLabel('Name').fill('Laptop');
  await page.keyboard.press('Enter');
  const codes = page.getByRole('dialog', { name: 'Your recovery codes' });
  await codes.getByRole('checkbox', { name: 'I have stored them safely' }).check();
  await codes.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('list', { name: 'Second factors' }).getByText('Laptop')).toBeVisible();
  const held = await laptop.cdp.send('WebAuthn.getCredentials', { authenticatorId: laptop.authenticatorId });
  expect(held.credentials).toHaveLength(1);

  const desk = await visitor(browser, 'Marta Berg');
  // Nobody takes what the browser offers in the field; this one asks for it by the button.
  await desk.page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
  const same = await device(desk.page);
  const [credential] = held.credentials;
  if (!credential) throw new Error('the device holds no passkey');
  await same.cdp.send('WebAuthn.addCredential', { authenticatorId: same.authenticatorId, credential });
  await desk.page.goto('/sign-in?returnUrl=/settings');
  await desk.page.getByRole('button', { name: 'Sign in with a passkey' }).press('Enter');
  await expect(desk.page.getByRole('heading', { name: 'Security' })).toBeVisible();

  await desk.page.context().clearCookies();
  await desk.page.goto('/sign-in?returnUrl=/settings');
  await desk.page.getByLabel('E-mail').fill(marta.email);
  await desk.page.getByLabel('Password', { exact: true }).fill(marta.password);
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByRole('heading', { name: 'One more step' })).toBeVisible();
  await expectAccessible(desk.page);
  await expect(desk.page.getByRole('button', { name: 'Use your passkey' })).toBeFocused();
  await desk.page.keyboard.press('Enter');
  await expect(desk.page.getByRole('heading', { name: 'Security' })).toBeVisible();

  await desk.page.getByRole('button', { name: 'Remove Laptop' }).click();
  await desk.page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(desk.page.getByText('You have none yet: your password alone lets you in.')).toBeVisible();
  expect([...errors, ...desk.errors]).toEqual([]);
});

test('the browser offers a passkey in the field of the address', async ({ browser }) => {
  const marta = await person('Marta Berg');
  const { page, errors } = await visitorAs(browser, marta);
  await device(page);
  await page.goto('/settings');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog', { name: 'Add a passkey' }).getByRole('button', { name: 'Add' }).click();
  const codes = page.getByRole('dialog', { name: 'Your recovery codes' });
  await codes.getByRole('checkbox', { name: 'I have stored them safely' }).check();
  await codes.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('list', { name: 'Second factors' })).toBeVisible();
  await page.context().clearCookies();
  // The device answers what waits in the field as soon as it is asked.
  await page.goto('/sign-in?returnUrl=/settings');
  await expect(page.getByRole('heading', { name: 'Security' })).toBeVisible();
  expect(errors).toEqual([]);
});
