import { expect, test } from '../support/journey.js';
import { person } from '../support/api.js';
import { expectAccessible } from '../support/accessible.js';
import { visitor, visitorAs } from '../support/app.js';
import { byWords, t } from '../support/words.js';

test('the page speaks the language of the browser, and another one once it is chosen and the page is loaded again', async ({
  browser,
}) => {
  const { page, errors } = await visitorAs(browser, await person('Aylin Kaya'), { locale: 'de-AT' });
  const german = byWords('de');
  const arabic = byWords('ar');
  await page.goto('/settings');
  await expect(german(page, 'heading', 'shell.settings')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expectAccessible(page);

  await german(page, 'combobox', 'language.label').selectOption('ar');
  // Nothing changes until it is asked for: words are read when the page starts.
  await expect(german(page, 'heading', 'shell.settings')).toBeVisible();
  await german(page, 'button', 'language.reload', { INTERPOLATION: 'العربية' }).click();
  await expect(arabic(page, 'heading', 'shell.settings')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
  await expectAccessible(page);

  await page.goto('/');
  await arabic(page, 'button', 'home.newRoom').click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page);
  expect(errors).toEqual([]);
});

test('a language that does not arrive becomes English, and never an empty page', async ({ browser }) => {
  const { page } = await visitor(browser, 'Aylin Kaya', { locale: 'ar-EG' });
  const scripts: string[] = [];
  page.on('response', async (response) => {
    if (response.url().endsWith('.js') && (await response.text()).includes(t('auth.signUpLead', {}, 'ar')))
      scripts.push(response.url());
  });
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { name: t('auth.signIn', {}, 'ar') })).toBeVisible();
  await expect.poll(() => scripts.length).toBe(1);

  await page.context().route(scripts[0] ?? '', (route) => route.abort());
  const again = await page.context().newPage();
  await again.goto('/sign-in');
  await expect(again.getByRole('heading', { name: t('auth.signIn') })).toBeVisible();
  await expect(again.locator('html')).toHaveAttribute('dir', 'ltr');
});
