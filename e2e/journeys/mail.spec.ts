import { randomUUID } from 'node:crypto';
import { startMailbox, type Mailbox } from '@conclave/mailbox';
import { mailedCode, newestMail } from '../support/api.js';
import { visitor } from '../support/app.js';
import { expectAccessible } from '../support/accessible.js';
import { expect, test } from '../support/journey.js';
import { ownProduct, type OwnProduct } from '../support/own-product.js';

let mailbox: Mailbox;
let product: OwnProduct;
test.beforeAll(async () => {
  mailbox = await startMailbox();
  process.env['CONCLAVE_MAILBOX'] = mailbox.url;
  product = await ownProduct({
    replicas: 1,
    mediaNodes: 1,
    environment: { auth: { SMTP_URL: mailbox.smtpUrl, SMTP_TLS: 'off' } },
  });
});
test.afterAll(async () => {
  await product.stop();
  await mailbox.stop();
  delete process.env['CONCLAVE_MAILBOX'];
});

/** The link in the newest message. */
const linkTo = async (email: string, page: string): Promise<string> => {
  const { text } = await newestMail(email, (mail) => mail.text.includes(`${page}#`));
  return /https?:\S+#\S+/.exec(text)?.[0] ?? '';
};

test('an address is proven by the code, a known one is told, and a forgotten password is replaced', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const aylin = await visitor(browser, 'Aylin Kaya');
  const { page, email } = aylin;
  const fillIn = async (password: string) => {
    await page.goto('/sign-up');
    await page.getByLabel('Name').fill('Aylin Kaya');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
    await expect(page.getByText(`We have sent a message to \u2068${email}\u2069.`)).toBeVisible();
  };
  await fillIn(aylin.password);
  await expectAccessible(page);
  const code = await mailedCode(email);
  await page.getByLabel('Code').fill(code === '000000' ? '111111' : '000000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('4 attempts are left.')).toBeVisible();
  await page.getByLabel('Code').fill(code);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^cnv_/).first()).toBeVisible();
  await page.getByRole('checkbox', { name: /stored it safely/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('button', { name: 'New room' })).toBeVisible();

  // Somebody else signs up with the same address: the page says the same, and the message tells its owner.
  const stranger = await visitor(browser, 'Eve');
  await stranger.page.goto('/sign-up');
  await stranger.page.getByLabel('Name').fill('Eve');
  await stranger.page.getByLabel('E-mail').fill(email);
  await stranger.page.getByLabel('Password', { exact: true }).fill(`correct horse ${randomUUID()}`);
  await stranger.page.getByRole('button', { name: 'Create account' }).click();
  await expect(stranger.page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  await newestMail(email, ({ subject }) => subject === 'You have an account at Conclave already');

  // Recovery, by a link that stands nowhere afterwards; the other browser's session ends with it.
  const elsewhere = await visitor(browser, 'Aylin Kaya');
  await elsewhere.page.goto('/sign-in');
  await elsewhere.page.getByRole('link', { name: 'Forgot your password?' }).click();
  await elsewhere.page.getByLabel('E-mail').fill(email);
  await expectAccessible(elsewhere.page);
  await elsewhere.page.getByRole('button', { name: 'Send the message' }).click();
  await expect(elsewhere.page.getByText(/it gets a message with a link/)).toBeVisible();
  await elsewhere.page.goto(await linkTo(email, '/recover'));
  await expect(elsewhere.page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  expect(elsewhere.page.url()).not.toContain('cnv_');
  await expectAccessible(elsewhere.page);
  const password = `a new password ${randomUUID()}`;
  await elsewhere.page.getByLabel('Password', { exact: true }).fill(password);
  await elsewhere.page.getByRole('button', { name: 'Save the password' }).click();
  await expect(elsewhere.page.getByRole('heading', { name: 'Your new password is saved' })).toBeVisible();
  const kept = await elsewhere.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(kept).not.toContain('cnv_');
  await page.goto('/settings');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await elsewhere.page.getByRole('link', { name: 'Sign in' }).click();
  await elsewhere.page.getByLabel('E-mail').fill(email);
  await elsewhere.page.getByLabel('Password', { exact: true }).fill(password);
  await elsewhere.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(elsewhere.page.getByRole('button', { name: 'New room' })).toBeVisible();
  expect([...aylin.errors, ...elsewhere.errors]).toEqual([]);
});

test('a link that is opened in another browser asks for the password that was chosen', async ({ browser }) => {
  const [lea, phone] = [await visitor(browser, 'Lea Novak'), await visitor(browser, 'Lea Novak')];
  await lea.page.goto('/sign-up');
  await lea.page.getByLabel('Name').fill('Lea Novak');
  await lea.page.getByLabel('E-mail').fill(lea.email);
  await lea.page.getByLabel('Password', { exact: true }).fill(lea.password);
  await lea.page.getByRole('button', { name: 'Create account' }).click();
  await phone.page.goto(await linkTo(lea.email, '/verify'));
  await expect(phone.page.getByRole('heading', { name: 'Type the password that you chose' })).toBeVisible();
  expect(phone.page.url()).not.toContain('cnv_');
  await expectAccessible(phone.page);
  await phone.page.getByLabel('Password', { exact: true }).fill(lea.password);
  await phone.page.getByRole('button', { name: 'Create account' }).click();
  await expect(phone.page.getByText(/^cnv_/).first()).toBeVisible();
  await lea.page.getByLabel('Code').fill('000000');
  await lea.page.keyboard.press('Enter');
  await expect(lea.page.getByText(/used already/)).toBeVisible();
});
