import { randomBytes } from 'node:crypto';
import { person } from '../support/api.js';
import { control, joinMeeting, participants, visitorAs } from '../support/app.js';
import { joinBare } from '../support/bare-participant.js';
import { query } from '../support/database.js';
import { expect, test } from '../support/journey.js';
import { expectLiveMedia, received } from '../support/media.js';
import { ownProduct, type OwnProduct } from '../support/own-product.js';
import { pacedUpload } from '../support/paced-upload.js';
import { download, invite, listed, openRoom, sha256, upload, type Problem } from '../support/rooms.js';
import { storedKeys, unfinishedUploads } from '../support/store.js';

const patience = { timeout: 60_000 };
const ids = async (sql: string, roomId: string) => query<object>('files', sql, [roomId]);

/** What is left of a room in the index, among the keys, and in the bucket. */
async function remains(roomId: string, objectKeys: readonly string[]): Promise<Record<string, unknown>> {
  const stored = new Set(await storedKeys());
  const audited = await query<{ detail: object }>(
    'files',
    `select detail from audit where action = 'room.shredded' and subject = $1`,
    [`room:${roomId}`],
  );
  return {
    rows: (await ids('select id from file where room_id = $1', roomId)).length,
    keys: (await ids('select 1 from keys.file_key where room_id = $1', roomId)).length,
    roomKeys: (await ids('select 1 from keys.room_key where room_id = $1', roomId)).length,
    objects: objectKeys.filter((key) => stored.has(key)),
    audited: audited.map(({ detail }) => detail),
  };
}

test.describe('when parts of the product die', () => {
  let product: OwnProduct;
  test.beforeAll(async () => {
    test.setTimeout(120_000);
    product = await ownProduct();
  });
  test.afterAll(() => product.stop());

  for (const victim of ['files', 'rooms', 'nats']) {
    test(`@faults the files of a deleted room are shredded exactly once though ${victim} dies right after`, async ({
      browser,
    }) => {
      const [owner, neighbour] = [await person('Aylin Kaya'), await person('Tom Strand')];
      const [room, other] = [await openRoom(owner), await openRoom(neighbour)];
      await joinBare(browser, owner, room.slug);
      await joinBare(browser, neighbour, other.slug);
      const bytes = randomBytes(300_000);
      const { body: kept } = await upload(neighbour, other.slug, 'kept.bin', bytes);
      for (let i = 0; i < 4; i++)
        expect((await upload(owner, room.slug, `gone ${i}.bin`, randomBytes(200_000))).status).toBe(201);
      const keys = (
        await query<{ key: string }>('files', 'select object_key as key from file where room_id = $1', [room.id])
      ).map(({ key }) => key);
      expect(keys).toHaveLength(4);
      expect(await remains(room.id, keys)).toMatchObject({ rows: 4, keys: 4, roomKeys: 1, objects: keys, audited: [] });

      expect((await owner.call('DELETE', `/rooms/${room.slug}`)).status).toBe(204);
      await product.end(victim);
      await expect
        .poll(() => remains(room.id, keys), { timeout: 100_000 })
        .toEqual({ rows: 0, keys: 0, roomKeys: 0, objects: [], audited: [{ files: 4 }] });

      // Nobody else loses anything: the neighbours' file opens, and another can be shared.
      await product.ready();
      await expect.poll(async () => (await owner.call('GET', `/rooms/${room.slug}`)).status, patience).toBe(404);
      await expect.poll(async () => (await download(neighbour, other.slug, kept.id)).status, patience).toBe(200);
      const whole = await download(neighbour, other.slug, kept.id);
      expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(sha256(bytes));
      expect((await upload(neighbour, other.slug, 'more.bin', bytes)).status).toBe(201);
      // Once means once, also when the feed is read again after another restart.
      await product.end('files');
      await product.ready();
      expect(await remains(room.id, keys)).toMatchObject({ audited: [{ files: 4 }] });
    });
  }

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`@faults an upload in flight at a ${signal} of files ends whole or fails in words, and leaves nothing behind`, async ({
      browser,
    }) => {
      const owner = await person('Aylin Kaya');
      const { slug, id } = await openRoom(owner);
      await joinBare(browser, owner, slug);
      const bytes = randomBytes(24 * 1024 * 1024);
      let ended: Promise<void> | undefined;
      const first = await pacedUpload(owner, slug, 'plan.bin', bytes, {
        half: async () => {
          // The store has parts of it when the process is told to end.
          await expect
            .poll(async () => (await ids(`select 1 from file where room_id = $1 and status = 'uploading'`, id)).length)
            .toBe(1);
          ended = product.end('files', signal);
          if (signal === 'SIGKILL') await ended;
        },
      });
      await ended;
      await product.ready();
      const whole = first.status === 201;
      if (!whole) expect(first.body.reason).toMatch(/^(UNAVAILABLE|UPLOAD_ABORTED|DEADLINE_EXCEEDED)$/);
      await expect.poll(async () => (await owner.call('GET', `/rooms/${slug}/files`)).status, patience).toBe(200);
      const file = whole ? first.body : (await upload(owner, slug, 'plan.bin', bytes)).body;
      const back = await download(owner, slug, file.id);
      expect(sha256(Buffer.from(await back.arrayBuffer()))).toBe(sha256(bytes));
      const available = (await listed(owner, slug)).filter(({ status }) => status === 'available');
      expect(available.map(({ id }) => id)).toEqual([file.id]);
      if (signal === 'SIGKILL') return;
      // Who was asked to end leaves no part behind. After a kill the sweeper does it, minutes later; its own specs wait for that.
      const known = await query<{ key: string }>(
        'files',
        `select object_key as key from file where status = 'available'`,
      );
      await expect
        .poll(async () => (await storedKeys()).filter((key) => !known.some((row) => row.key === key)), patience)
        .toEqual([]);
      await expect.poll(unfinishedUploads, patience).toEqual([]);
    });
  }

  test('without the media server nobody is present: files close, and open again after coming back', async ({
    browser,
  }) => {
    const owner = await person('Aylin Kaya');
    const { slug } = await openRoom(owner);
    const inside = await joinBare(browser, owner, slug);
    const { body: file } = await upload(owner, slug, 'plan.bin', randomBytes(1000));
    expect((await download(owner, slug, file.id)).status).toBe(200);
    // Silence first: where several nodes know of the room, a participant of a crashed one is back within seconds.
    for (const { pid } of product.product.replicas('livekit')) if (pid) process.kill(pid, 'SIGSTOP');
    await expect
      .poll(async () => (await owner.call<Problem>('GET', `/rooms/${slug}/files`)).body.reason, patience)
      .toMatch(/^(NOT_PRESENT|UNAVAILABLE|DEADLINE_EXCEEDED)$/);
    expect([403, 503, 504]).toContain((await download(owner, slug, file.id)).status);
    await product.end('livekit');
    await inside.disconnect();
    await expect
      .poll(() => joinBare(browser, owner, slug).then(() => 'inside', String), { timeout: 60_000, intervals: [1000] })
      .toBe('inside');
    await expect.poll(async () => (await download(owner, slug, file.id)).status, patience).toBe(200);
  });

  test('after a restart of any server a meeting goes on by itself: devices, panel and draft are kept, and nobody is blamed', async ({
    browser,
  }) => {
    test.setTimeout(180_000);
    const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
    const { slug } = await openRoom(owner);
    await invite(owner, slug, guest);
    const [aylin, tom] = [await visitorAs(browser, owner), await visitorAs(browser, guest)];
    for (const { page } of [aylin, tom]) {
      await page.goto(`/r/${slug}`);
      await joinMeeting(page);
    }
    await expect(participants(aylin.page)).toHaveCount(2);
    await Promise.all([expectLiveMedia(aylin.page), expectLiveMedia(tom.page)]);
    for (const { page } of [aylin, tom]) await control(page, /^Chat/).click();
    const composer = aylin.page.getByLabel('Message to everyone');
    await control(tom.page, 'Turn microphone off').click();

    for (const victims of [['livekit'], ['gateway', 'rooms', 'nats']]) {
      await composer.fill('Still here');
      const banner = aylin.page.getByText(/^(Reconnecting\.|Coming back in…)/);
      const seen = banner.waitFor({ state: 'visible', timeout: 30_000 });
      for (const victim of victims) await product.end(victim);
      await seen;
      await product.ready();
      for (const { page } of [aylin, tom]) {
        await expect(page.getByText(/^(Reconnecting\.|Coming back in…)/)).toHaveCount(0, patience);
        await expect(participants(page)).toHaveCount(2, patience);
      }
      await expectLiveMedia(tom.page);
      const { frames } = await received(aylin.page);
      await expect.poll(async () => (await received(aylin.page)).frames, patience).toBeGreaterThan(frames);
      await expect(control(aylin.page, 'Turn microphone off')).toBeVisible();
      await expect(control(aylin.page, 'Turn camera off')).toBeVisible();
      await expect(control(tom.page, 'Turn microphone on')).toBeVisible();
      await expect(composer).toHaveValue('Still here');
      await composer.press('Enter');
      await expect(tom.page.getByRole('log')).toContainText('Still here', { timeout: 30_000 });
    }
    for (const { errors } of [aylin, tom]) expect(errors).toEqual([]);
  });
});
