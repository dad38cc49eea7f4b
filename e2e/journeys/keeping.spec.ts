import { person } from '../support/api.js';
import { control, joinMeeting, signUp, visitor, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test('on a phone Back closes the panel, asks before a message is lost, and a reload keeps what was typed', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  await openRoom(owner);
  const { page, errors } = await visitorAs(browser, owner, phone);
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.goto('/');
  await page.getByRole('link', { name: 'Enter Board review' }).click();
  await joinMeeting(page);
  const openChat = async () => {
    await control(page, 'More').tap();
    await page.getByRole('menuitem', { name: /^Chat/ }).tap();
  };
  const composer = page.getByLabel('Message to everyone');

  // Back closes the panel, and nothing else.
  await openChat();
  await composer.fill('Half a thought');
  await page.goBack();
  await expect(composer).toHaveCount(0);
  await expect(control(page, 'Leave')).toBeVisible();
  await openChat();
  await expect(composer).toHaveValue('Half a thought');

  // A message that does not get through would be lost by going: Back asks, and staying is staying.
  await page.route('**/messages', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText(/^Not sent/)).toBeVisible();
  await page.goBack();
  await expect(composer).toHaveCount(0);
  await page.goBack();
  const question = page.getByRole('alertdialog');
  await expect(question).toContainText('A message is not sent yet.');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(control(page, 'Leave')).toBeVisible();
  await page.unroute('**/messages');
  await openChat();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText(/^Not sent/)).toHaveCount(0);
  await expect(page.getByRole('log')).toContainText('Half a thought');

  // A reload is asked about, and what was typed stands there again.
  await composer.fill('The other half');
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
  // This tab is no other device: the door does not say that somebody is inside elsewhere.
  await joinMeeting(page);
  await openChat();
  await expect(composer).toHaveValue('The other half');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('log')).toContainText('The other half');
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('half');
  expect(errors).toEqual([]);
});

test('an invitation leaves the address at once, another takes its place, and it outlasts a reload during sign-up', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  const links: string[] = [];
  for (const name of ['First room', 'Second room']) {
    const { slug } = await openRoom(owner, { name });
    const { body } = await owner.call<{ link: string }>('POST', `/rooms/${slug}/invitations`, {});
    links.push(body.link);
  }
  const tom = await visitor(browser, 'Tom Strand');
  await tom.page.goto(links[0] ?? '');
  await expect(tom.page.getByRole('heading', { name: 'You are invited to a room' })).toBeVisible();
  expect(tom.page.url()).not.toContain('cnv_');
  // Pasted over it: the same page, another fragment.
  await tom.page.goto(links[1] ?? '');
  await expect.poll(() => tom.page.url()).not.toContain('cnv_');
  await tom.page.getByRole('link', { name: 'Create account' }).click();
  await tom.page.getByLabel('Name').fill('Tom Str');
  await tom.page.reload();
  await expect(tom.page.getByLabel('Name')).toHaveValue('Tom Str');
  await signUp(tom);
  await expect(tom.page.getByRole('heading', { name: 'Second room' })).toBeVisible();
  expect(await tom.page.evaluate(() => JSON.stringify(sessionStorage))).not.toMatch(/cnv_|Tom/);
  expect(tom.errors).toEqual([]);
});
