import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import { person, type Answer, type Caller } from '../support/api.js';
import { control, joinMeeting, participants, visitorAs, type Visitor } from '../support/app.js';
import { joinBare } from '../support/bare-participant.js';
import { query } from '../support/database.js';
import { EventFollower } from '../support/event-follower.js';
import { expect, test } from '../support/journey.js';
import { expectLiveMedia, received } from '../support/media.js';
import { ownProduct, type OwnProduct } from '../support/own-product.js';
import { pacedUpload, type Outcome } from '../support/paced-upload.js';
import {
  download,
  invite,
  openRoom,
  sha256,
  upload,
  type Problem,
  type Room,
  type StoredFile,
} from '../support/rooms.js';

const patience = { timeout: 60_000 };
const services = ['auth', 'rooms', 'files', 'gateway'] as const;
/** Words that say: try again. */
const passing = /^(UNAVAILABLE|DEADLINE_EXCEEDED|UPLOAD_ABORTED|NOT_PRESENT)$/;
/** How long Redis is away; the whole minute where there is time for it. */
const awaySeconds = Number(process.env['CONCLAVE_REDIS_AWAY_SECONDS'] ?? 20);

interface Meeting {
  readonly room: Room;
  readonly owner: Caller;
  readonly visitors: readonly Visitor[];
}

/** Two people who see and hear each other, with the chat open. */
async function meet(browser: Browser): Promise<Meeting> {
  const [owner, guest] = [await person('Aylin Kaya'), await person('Tom Strand')];
  const room = await openRoom(owner);
  await invite(owner, room.slug, guest);
  const visitors = [await visitorAs(browser, owner), await visitorAs(browser, guest)];
  for (const { page } of visitors) {
    await page.goto(`/r/${room.slug}`);
    // Whoever joins before the camera is open joins without it.
    await expect(page.locator('video').first()).toBeVisible(patience);
    await joinMeeting(page);
    await control(page, /^Chat/).click();
  }
  for (const { page } of visitors) {
    await expect(participants(page)).toHaveCount(2);
    await expectLiveMedia(page);
  }
  return { room, owner, visitors };
}

/** Everybody is inside, sees and hears the other, and the page says that all is well. */
async function expectGoesOn({ visitors }: Meeting): Promise<void> {
  for (const { page, errors } of visitors) {
    await expect(page.getByText('Reconnecting.')).toHaveCount(0, patience);
    await expect(participants(page)).toHaveCount(2, patience);
    await expectLiveMedia(page);
    expect(errors).toEqual([]);
  }
}

/** Says it once: as the app does, with one key for all tries. */
async function say({ owner, room }: Meeting, text: string): Promise<void> {
  const key = { 'idempotency-key': randomUUID() };
  await expect
    .poll(async () => {
      const answer = await owner
        .call<Problem>('POST', `/rooms/${room.slug}/messages`, { text }, key)
        .catch(() => ({ status: 0, body: { reason: 'UNAVAILABLE' } }));
      if (answer.status !== 201) expect(answer.body.reason).toMatch(passing);
      return answer.status;
    }, patience)
    .toBe(201);
}

/** An answer with all of its body. */
async function whole(response: Response): Promise<{ status: number; body: Buffer }> {
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

/** The file of an upload that ended well, or of its repetition after a clear word. */
async function stored(meeting: Meeting, first: Outcome, name: string, bytes: Buffer): Promise<StoredFile> {
  if (first.status === 201) return first.body;
  if (first.status !== 0) expect(first.body.reason).toMatch(passing);
  let file: StoredFile | undefined;
  await expect
    .poll(async () => {
      const again = await upload(meeting.owner, meeting.room.slug, name, bytes);
      if (again.status === 201) file = again.body;
      return again.status;
    }, patience)
    .toBe(201);
  if (!file) throw new Error('unreachable');
  return file;
}

test.describe('with two of every service and two media nodes', { tag: '@replicas' }, () => {
  let product: OwnProduct;
  test.beforeAll(async () => {
    test.setTimeout(120_000);
    product = await ownProduct({ replicas: 2, mediaNodes: 2, environment: { gateway: { RATE_LIMIT_SCALE: '100' } } });
  });
  test.afterAll(() => product.stop());

  /** The node that holds a room, as its own log says. */
  const hostOf = async (roomId: string): Promise<string> => {
    const [mediaRoom] = await query<{ id: string }>('rooms', 'select id from media_room where room_id = $1', [roomId]);
    const name = mediaRoom?.id ?? 'no media room';
    const line = product.lines.findLast((each) => each.includes('starting RTC session') && each.includes(name));
    const node = line?.split(' ')[0] ?? '';
    expect(node).toMatch(/^livekit-[12]$/);
    return node;
  };

  test('a meeting with an upload running outlives one replica of each service and the other media node', async ({
    browser,
  }) => {
    test.setTimeout(180_000);
    const meeting = await meet(browser);
    const { owner, room } = meeting;
    const follower = new EventFollower(owner, room.slug);
    await follower.start(0);
    const files: { file: StoredFile; bytes: Buffer }[] = [];
    const other = (await hostOf(room.id)) === 'livekit-1' ? 'livekit-2' : 'livekit-1';
    for (const victim of [...services.map((name) => `${name}-1`), other]) {
      const bytes = randomBytes(2 * 1024 * 1024);
      let dead: Promise<void> | undefined;
      const first = await pacedUpload(owner, room.slug, `${victim}.bin`, bytes, {
        ms: 1_200,
        half: () => void (dead = product.end(victim)),
      });
      await dead;
      await say(meeting, `without ${victim}`);
      files.push({ file: await stored(meeting, first, `${victim}.bin`, bytes), bytes });
      // Only the gateway stands between a browser and what it sends: nothing else may break the connection.
      if (first.status === 0) expect(victim).toBe('gateway-1');
    }
    await expectGoesOn(meeting);

    // What was acknowledged is there, once and whole.
    for (const { file, bytes } of files) {
      await expect.poll(async () => (await download(owner, room.slug, file.id)).status, patience).toBe(200);
      const back = await download(owner, room.slug, file.id);
      expect(sha256(Buffer.from(await back.arrayBuffer()))).toBe(sha256(bytes));
    }
    for (const { page } of meeting.visitors)
      for (const { file } of files)
        await expect(page.getByRole('log').getByText(`without ${file.name.replace('.bin', '')}`)).toHaveCount(1);
    // What files has to tell comes by a feed, a little later: in the end everybody heard everything, once and in order.
    await expect(async () => {
      const log = await query<{ seq: string; type: string; file: string | null }>(
        'rooms',
        `select seq::text, type, data->>'fileId' as file from room_event e where room_id = $1 order by e.seq`,
        [room.id],
      );
      expect(log.filter(({ type }) => type === 'message.created')).toHaveLength(files.length);
      const shared = log.filter(({ type }) => type === 'file.available').map((event) => event.file);
      expect(shared).toEqual([...new Set(shared)]);
      expect(shared).toEqual(expect.arrayContaining(files.map(({ file }) => file.id)));
      expect(follower.seen.map(({ seq, type }) => `${seq} ${type}`)).toEqual(
        log.map(({ seq, type }) => `${seq} ${type}`),
      );
    }).toPass(patience);
    follower.stop();
    await product.ready();
  });

  test('every replica may be stopped under use: no request is lost', async ({ browser }) => {
    test.setTimeout(120_000);
    const owner = await person('Aylin Kaya');
    const { slug } = await openRoom(owner);
    await joinBare(browser, owner, slug);
    const failures: string[] = [];
    let [asked, running] = [0, true];
    const expecting = async (
      status: number,
      name: string,
      ask: () => Promise<Pick<Answer, 'status'>>,
    ): Promise<void> => {
      asked++;
      const came = await ask().then(
        (answer) => (answer.status === status ? '' : JSON.stringify(answer)),
        (error: Error) => `${error.message} ${String(error.cause)}`,
      );
      if (came) failures.push(`${name}: ${came}`);
    };
    const bytes = randomBytes(100_000);
    const kept = (await upload(owner, slug, 'kept.bin', bytes)).body;
    const clients = [
      () => expecting(200, 'rooms', () => owner.call('GET', `/rooms/${slug}`)),
      () => expecting(200, 'me', () => owner.call('GET', '/me')),
      () => expecting(201, 'message', () => owner.call('POST', `/rooms/${slug}/messages`, { text: 'on' })),
      () => expecting(201, 'upload', () => upload(owner, slug, 'more.bin', bytes)),
      () =>
        expecting(200, 'download', async () => {
          const { status, body } = await whole(await download(owner, slug, kept.id));
          const same = sha256(body) === sha256(bytes);
          return same ? { status } : { status: -status, said: body.toString().slice(0, 300) };
        }),
      () => expecting(201, 'slow upload', () => pacedUpload(owner, slug, 'slow.bin', bytes, { ms: 1_000 })),
    ].map(async (once) => {
      for (; running; await sleep(20)) await once();
    });
    for (const replica of [1, 2]) {
      await Promise.all(services.map((service) => product.end(`${service}-${replica}`, 'SIGTERM')));
      await sleep(500);
      await product.ready();
    }
    running = false;
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });

  test(`Redis away for ${awaySeconds} s: the call lives, entering says so, and both heal`, async ({ browser }) => {
    test.setTimeout(120_000 + awaySeconds * 1000);
    const meeting = await meet(browser);
    const { owner, room } = meeting;
    const [redis] = product.product.replicas('redis');
    if (!redis?.pid) throw new Error('there is no Redis');
    // It holds its connections and says nothing: worse than a refusal.
    process.kill(redis.pid, 'SIGSTOP');
    try {
      const until = Date.now() + awaySeconds * 1000;
      const refused = await owner.call<Problem>('POST', `/rooms/${room.slug}/entry`, {});
      expect(refused).toMatchObject({ status: 503, body: { reason: 'UNAVAILABLE' } });
      while (Date.now() < until) {
        for (const { page } of meeting.visitors) {
          const { frames } = await received(page);
          await expect.poll(async () => (await received(page)).frames).toBeGreaterThan(frames);
        }
        await sleep(1_000);
      }
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    await expect
      .poll(async () => (await owner.call('POST', `/rooms/${room.slug}/entry`, {})).status, patience)
      .toBe(200);
    await expectGoesOn(meeting);
    await say(meeting, 'Still here.');
    for (const { page } of meeting.visitors) await expect(page.getByRole('log')).toContainText('Still here.', patience);
  });
});
