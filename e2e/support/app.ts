import { randomUUID } from 'node:crypto';
import {
  expect,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from '@playwright/test';
import { expectAccessible } from './accessible.js';
import { baseUrl, type Caller } from './api.js';
import { watchMedia, watchSmall } from './media.js';

/** A person with a browser of their own. */
export interface Visitor {
  readonly page: Page;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** What the page threw so far. */
  readonly errors: string[];
}

/** Opens a browser for a person; nothing of ours is stored in it yet. */
export async function visitor(browser: Browser, name: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: baseUrl(),
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
    ...options,
  });
  await watchMedia(context);
  await watchSmall(context);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  return {
    errors,
    page,
    name,
    email: `${randomUUID()}@example.test`,
    password: `correct horse ${randomUUID()}`,
  };
}

/** Opens a browser for a person who has signed in through the API. */
export async function visitorAs(
  browser: Browser,
  caller: Caller,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const opened = await visitor(browser, caller.displayName, options);
  await carryCookie(opened.page.context(), caller);
  return { ...opened, email: caller.email, password: caller.password };
}

/** Gives a browser the session of a person. */
export async function carryCookie(context: BrowserContext, { cookie }: Pick<Caller, 'cookie'>): Promise<void> {
  const [name, value] = cookie.split('=');
  if (!name || !value) return;
  await context.addCookies([
    { name, value, domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
  ]);
}

/** Signs up on the page that is open, or from the start; answers the personal token that is shown once. */
export async function signUp({ page, name, email, password }: Visitor): Promise<string> {
  if (!page.url().includes('/sign-up')) await page.goto('/sign-up');
  await expect(page.getByRole('button', { name: 'Create account' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  const token = (await page.getByText(/^cnv_/).first().innerText()).trim();
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: /stored it safely/ }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  return token;
}

/** Makes a room from home and answers its link. */
export async function makeRoom(page: Page, name: string, access?: RegExp): Promise<string> {
  await page.goto('/');
  await page.getByRole('button', { name: 'New room' }).click();
  const dialog = page.getByRole('dialog');
  await expectAccessible(page);
  await dialog.getByLabel('Name').fill(name);
  if (access) await dialog.getByRole('radio', { name: access }).check();
  await dialog.getByRole('button', { name: 'Make room' }).click();
  const link = (await dialog.getByLabel('Room link', { exact: true }).innerText()).trim();
  await expectAccessible(page);
  expect(link).toContain('/r/');
  return link;
}

/** From the door into the meeting. */
export async function joinMeeting(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Join the meeting' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Join the meeting' }).click();
  await expect(page.getByRole('toolbar', { name: 'Meeting controls' })).toBeVisible({ timeout: 30_000 });
  await expectAccessible(page);
}

/** The people that the meeting on this page shows. */
export const participants = (page: Page): Locator =>
  page.getByRole('group', { name: 'Participants' }).getByRole('group');

/** A button of the bar. */
export const control = (page: Page, name: RegExp | string): Locator =>
  page.getByRole('toolbar', { name: 'Meeting controls' }).getByRole('button', { name });
