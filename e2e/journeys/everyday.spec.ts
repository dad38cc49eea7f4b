import { person } from '../support/api.js';
import { control, joinMeeting, visitorAs } from '../support/app.js';
import { expect, test } from '../support/journey.js';
import { openRoom } from '../support/rooms.js';

test('a mangled address, keys in a field, a pasted picture, a deletion that is taken back, a new name', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner, { accessLevel: 'organisation' });
  const { page } = await visitorAs(browser, owner);

  // A mail program has put the address into brackets and capitals; the bar shows it as it is.
  await page.goto(`/R/${slug.toUpperCase()}%3E.`);
  await expect(page.getByRole('button', { name: 'Join the meeting' })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/r/${slug}$`));
  await joinMeeting(page);

  // Ctrl+D belongs to the field while somebody types, and to the microphone elsewhere.
  const muted = control(page, 'Turn microphone on');
  await control(page, /^Chat/).click();
  await page.getByLabel('Message to everyone').fill('Good morning');
  await page.getByLabel('Message to everyone').press('Control+d');
  await expect(control(page, 'Turn microphone off')).toBeVisible();
  await page.getByRole('log').focus();
  await page.keyboard.press('Control+d');
  await expect(muted).toBeVisible();
  await page.getByLabel('Message to everyone').press('Enter');
  await expect(page.getByRole('log')).toContainText('Good morning');

  // A picture from the clipboard is a file; its deletion can be taken back.
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['picture'], 'image.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  const file = page.getByRole('list', { name: 'Files' }).getByRole('listitem');
  await expect(file).toContainText(/Picture .*\.png/);
  await file.getByRole('button', { name: /^Delete/ }).click();
  await expect(file).toContainText('It is shredded in a few seconds');
  await file.getByRole('button', { name: /^Undo/ }).click();
  await expect(file.getByRole('button', { name: /^Delete/ })).toBeVisible();

  // A new name is read where the old one stands.
  expect((await owner.call('PATCH', '/me', { displayName: 'Aylin Kaya-Berg' })).status).toBe(200);
  await control(page, 'People').click();
  await expect(page.getByRole('list', { name: 'People in the meeting' })).toContainText('Aylin Kaya-Berg');
  await control(page, /^Chat/).click();
  await expect(page.getByRole('log')).toContainText('Aylin Kaya-Berg');
});
