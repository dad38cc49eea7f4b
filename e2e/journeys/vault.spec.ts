import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../support/journey.js';
import { person, type Caller } from '../support/api.js';
import { barePage, joinBare } from '../support/bare-participant.js';
import { dumpDatabases } from '../support/dump.js';
import { download, invite, openRoom, sha256, upload } from '../support/rooms.js';

test('a 20 MiB file comes back byte for byte, a range comes back right, and nothing of it lies in the clear', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  await joinBare(browser, owner, slug);

  const canary = Buffer.from(`canary-${randomBytes(24).toString('hex')}`);
  const name = `secret-plan-${randomBytes(8).toString('hex')}.pdf`;
  const bytes = Buffer.concat([canary, randomBytes(20 * 1024 * 1024 - 2 * canary.length), canary]);
  const { status, body: file } = await upload(owner, slug, name, bytes);
  expect(status).toBe(201);
  expect(file).toMatchObject({ name, size: bytes.length });

  const whole = await download(owner, slug, file.id);
  expect(whole.status).toBe(200);
  expect(whole.headers.get('content-disposition')).toContain('attachment');
  expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(sha256(bytes));

  const [from, to] = [65_530, 131_080];
  const part = await download(owner, slug, file.id, { range: `bytes=${from}-${to}` });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes ${from}-${to}/${bytes.length}`);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to + 1))).toBe(true);
  const outside = await download(owner, slug, file.id, { range: `bytes=${bytes.length}-` });
  expect(outside.status).toBe(416);

  const message = `the message ${randomBytes(12).toString('hex')}`;
  expect((await owner.call('POST', `/rooms/${slug}/messages`, { text: message })).status).toBe(201);

  const store = join(process.env['CONCLAVE_FOLDER'] ?? '', 'data', 'minio');
  let objects = 0;
  for (const entry of await readdir(store, { recursive: true, withFileTypes: true })) {
    expect(entry.name).not.toContain('secret-plan');
    if (!entry.isFile()) continue;
    const stored = await readFile(join(entry.parentPath, entry.name));
    if (stored.length > 1_000_000) objects++;
    expect(stored.includes(canary)).toBe(false);
    expect(stored.includes(name)).toBe(false);
  }
  expect(objects).toBeGreaterThan(0);

  const dump = await dumpDatabases();
  expect(dump).toContain('Board review');
  expect(dump).not.toContain(message);
  expect(dump).not.toContain(name);
  expect(dump).not.toContain(canary.toString());
});

test('the uninvited cannot enter, list, read, or use the invited person’s media token', async ({ browser }) => {
  const [owner, guest, stranger] = [await person('Aylin Kaya'), await person('Tom Strand'), await person('Eve')];
  const { slug } = await openRoom(owner);
  await invite(owner, slug, guest);
  const inside = await joinBare(browser, owner, slug);
  const { body: file } = await upload(owner, slug, 'plan.txt', Buffer.from('plan'));

  const refused = await stranger.call<{ reason: string }>('POST', `/rooms/${slug}/entry`, {});
  expect([refused.status, refused.body.reason]).toEqual([403, 'NOT_INVITED']);
  for (const path of [`/rooms/${slug}/files`, `/rooms/${slug}/files/${file.id}`, `/rooms/${slug}/messages`]) {
    expect([403, 404]).toContain((await stranger.call('GET', path)).status);
  }
  expect([403, 404]).toContain((await download(stranger, slug, file.id)).status);
  // The invited, before entering, is not present either.
  expect((await guest.call<{ reason: string }>('GET', `/rooms/${slug}/files`)).body.reason).toBe('NOT_PRESENT');

  const entry = await guest.call<{ token: string }>('POST', `/rooms/${slug}/entry`, {});
  const thief = await barePage(browser, stranger);
  expect(await thief.connect(entry.body.token)).toBeDefined();
  expect(await thief.connect(inside.token)).toBeDefined();
  const nobody = await barePage(browser, { cookie: '' } as Caller);
  expect(await nobody.connect(entry.body.token)).toBeDefined();
  const invited = await barePage(browser, guest);
  expect(await invited.connect(entry.body.token)).toBeUndefined();
});

test('the removed person stays out with every old token, until invited again', async ({ browser }) => {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const { slug } = await openRoom(owner);
  await invite(owner, slug, guest);
  await joinBare(browser, owner, slug);
  const out = await joinBare(browser, guest, slug);
  expect((await guest.call('GET', `/rooms/${slug}/files`)).status).toBe(200);

  expect((await owner.call('POST', `/rooms/${slug}/participants/${out.joinId}/remove`)).status).toBe(200);
  await expect
    .poll(async () => (await guest.call<{ reason: string }>('GET', `/rooms/${slug}/files`)).body.reason)
    .toBe('NOT_PRESENT');
  expect(await out.connect(out.token)).toBeDefined();
  const again = await guest.call<{ reason: string }>('POST', `/rooms/${slug}/entry`, {});
  expect(again.body.reason).toBe('REMOVED_FROM_ROOM');
  expect((await guest.call('GET', `/rooms/${slug}/files`)).status).toBe(403);

  await invite(owner, slug, guest);
  expect((await guest.call('POST', `/rooms/${slug}/entry`, {})).status).toBe(200);
  expect(await out.connect(out.token)).toBeDefined();
});

test('leaving closes the files', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  const inside = await joinBare(browser, owner, slug);
  const { body: file } = await upload(owner, slug, 'plan.txt', Buffer.from('plan'));
  expect((await download(owner, slug, file.id)).status).toBe(200);
  await inside.disconnect();
  expect((await owner.call('POST', `/rooms/${slug}/leave`, { joinId: inside.joinId })).status).toBe(204);
  const closed = await owner.call<{ reason: string }>('GET', `/rooms/${slug}/files`);
  expect([closed.status, closed.body.reason]).toEqual([403, 'NOT_PRESENT']);
  expect((await download(owner, slug, file.id)).status).toBe(403);
});

test('removal cuts a running download', async ({ browser }) => {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const { slug } = await openRoom(owner);
  await invite(owner, slug, guest);
  await joinBare(browser, owner, slug);
  const reader = await joinBare(browser, guest, slug);
  const bytes = randomBytes(64 * 1024 * 1024);
  const { body: file } = await upload(owner, slug, 'long.bin', bytes);

  const response = await download(guest, slug, file.id);
  const stream = response.body!.getReader();
  let received = (await stream.read()).value?.length ?? 0;
  expect((await owner.call('POST', `/rooms/${slug}/participants/${reader.joinId}/remove`)).status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const rest = (async () => {
    for (;;) {
      const { done, value } = await stream.read();
      if (done) return 'clean end';
      received += value.length;
    }
  })();
  await expect(rest).rejects.toThrow();
  expect(received).toBeLessThan(bytes.length);
});

test('rooms that ask for the code or the personal token get them asked once and right', async () => {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const byCode = await openRoom(owner, { accessLevel: 'code' });
  const enter = (slug: string, door: object) =>
    guest.call<{ reason: string; details?: { attemptsLeft?: string } }>('POST', `/rooms/${slug}/entry`, door);
  expect((await enter(byCode.slug, {})).body.reason).toBe('ACCESS_CODE_REQUIRED');
  const wrong = await enter(byCode.slug, { accessCode: 'aaaa-bbbb-cccc' });
  expect(wrong.body.reason).toBe('ACCESS_CODE_WRONG');
  expect(Number(wrong.body.details?.attemptsLeft)).toBeGreaterThan(0);
  expect((await enter(byCode.slug, { accessCode: byCode.accessCode.toUpperCase().replaceAll('-', ' ') })).status).toBe(
    200,
  );

  const byToken = await openRoom(owner, { accessLevel: 'organisation', settings: { askPersonalToken: true } });
  expect((await enter(byToken.slug, {})).body.reason).toBe('PERSONAL_TOKEN_REQUIRED');
  expect((await enter(byToken.slug, { personalToken: `cnv_${'a'.repeat(52)}` })).body.reason).toBe(
    'PERSONAL_TOKEN_WRONG',
  );
  const rotated = await guest.call<{ personalToken: string }>('POST', '/me/personal-token', {
    password: guest.password,
  });
  expect((await enter(byToken.slug, { personalToken: rotated.body.personalToken })).status).toBe(200);
});
