import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { baseUrl, Caller, person } from '../support/api.js';
import { control, joinMeeting, visitorAs } from '../support/app.js';
import { barePage, joinBare, meetingOfTwo } from '../support/bare-participant.js';
import { query } from '../support/database.js';
import { expect, test } from '../support/journey.js';
import { download, fileName, invite, listed, openRoom, upload, type Problem } from '../support/rooms.js';
import { openSocket } from '../support/socket.js';
import { storedKeys, unfinishedUploads } from '../support/store.js';
import { rawRequest, statuses } from '../support/wire.js';

const events = (slug: string, after?: number) =>
  `/api/v1/events?room=${slug}${after === undefined ? '' : `&after=${after}`}`;

/** The bucket holds what the index says is there, and nothing else. */
const expectNoOrphans = async () => {
  await expect
    .poll(
      async () => {
        const rows = await query<{ key: string }>(
          'files',
          `select object_key as key from file where status = 'available'`,
        );
        const known = new Set(rows.map(({ key }) => key));
        const stored = await storedKeys();
        return [stored.filter((key) => !known.has(key)), await unfinishedUploads()].flat();
      },
      { timeout: 30_000 },
    )
    .toEqual([]);
};

test('the events socket opens for our page, a live session and a person in the room, and for nobody else', async ({
  browser,
}) => {
  const [owner, stranger] = [await person('Aylin Kaya'), await person('Eve')];
  const [room, other] = [await openRoom(owner), await openRoom(stranger)];
  await joinBare(browser, owner, room.slug);
  const end = (path: string, caller?: Pick<Caller, 'cookie'>, origin?: string) =>
    openSocket(path, caller, origin).ended;

  expect(await end(events(room.slug), owner, 'https://evil.example')).toBe(403);
  expect(await end(events(room.slug), owner, 'null')).toBe(403);
  expect(await end(events(room.slug), owner, '')).toBe(403);
  expect(await end(events(room.slug))).toBe(4401);
  expect(await end(events(room.slug), { cookie: `__Host-sid=${randomBytes(32).toString('base64url')}` })).toBe(4401);
  expect(await end(events(room.slug), stranger)).toBe(4403);
  expect(await end(events(other.slug), owner)).toBe(4403);
  expect(await end(events('abcd-efgh-jkmn'), owner)).toBe(4403);
  expect(await end(events('../../etc'), owner)).toBe(4400);
  expect(await end(`${events(room.slug)}&after=-1`, owner)).toBe(4400);
  expect(await end('/api/v1/events/', owner)).toBe(404);

  for (const frame of [
    '',
    'hello',
    '{"type":"ping"',
    '{"type":"end"}',
    '[]',
    '\u0000',
    Buffer.from('{"type":"ping"}'),
  ]) {
    const socket = openSocket(events(room.slug), owner);
    await socket.opened;
    socket.send(frame);
    expect(await socket.ended).toBe(4400);
  }
  const large = openSocket(events(room.slug), owner);
  await large.opened;
  large.send('x'.repeat(4 * 1024 + 1));
  expect([1009, 4400]).toContain(await large.ended);

  // The one who may listen hears, and gets what was missed.
  const socket = openSocket(events(room.slug), owner);
  await socket.opened;
  socket.send('{"type":"ping"}');
  await expect.poll(() => socket.frames).toContain('{"type":"pong"}');
  for (const text of ['one', 'two', 'three'])
    expect((await owner.call('POST', `/rooms/${room.slug}/messages`, { text })).status).toBe(201);
  const numbers = (frames: readonly string[]) =>
    frames.map((frame) => JSON.parse(frame) as { seq?: number }).flatMap(({ seq }) => seq ?? []);
  await expect.poll(() => socket.frames.filter((frame) => frame.includes('message.created')).length).toBe(3);
  expect(socket.frames.join()).not.toMatch(/one|two|three/);
  const last = numbers(socket.frames).at(-1) ?? 0;
  const all = openSocket(events(room.slug, 0), owner);
  await expect.poll(() => numbers(all.frames)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  const rest = openSocket(events(room.slug, last - 2), owner);
  await expect.poll(() => numbers(rest.frames)).toEqual([last - 1, last]);

  // The session ends: every socket of it closes, and its cookie opens nothing any more.
  const { cookie } = owner;
  expect((await owner.call('DELETE', '/session')).status).toBe(204);
  expect(await socket.ended).toBe(4401);
  expect(await end(events(room.slug), { cookie })).toBe(4401);
});

test('the media door takes a ticket only with the session it was given to, and leads to nothing but /rtc', async ({
  browser,
}) => {
  const [owner, stranger] = [await person('Aylin Kaya'), await person('Eve')];
  const [mine, theirs] = [await openRoom(owner), await openRoom(stranger)];
  const inside = await joinBare(browser, owner, mine.slug);
  const elsewhere = await joinBare(browser, stranger, theirs.slug);
  const media = (token: string) => `/rtc?access_token=${token}&auto_subscribe=1&protocol=15`;
  const refused = async (path: string, caller?: Pick<Caller, 'cookie'>, origin?: string) =>
    expect([401, 403]).toContain(await openSocket(path, caller, origin).ended);

  await refused(media(inside.token));
  await refused(media(inside.token), owner, 'https://evil.example');
  await refused(media(inside.token), stranger);
  await refused('/rtc', owner);
  await refused(`${media(inside.token)}&access_token=${inside.token}`, owner);
  await refused(`${media(inside.token)}&reconnect=1&sid=PA_invented`, stranger);

  // A ticket of another room is another's, and what is signed by nobody is none.
  await refused(media(elsewhere.token), owner);
  const claims = { sub: inside.joinId, iss: 'x', nbf: 0, exp: 2e9, video: { room: mine.id, roomJoin: true } };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const alg of ['none', 'HS256']) await refused(media(`${part({ alg })}.${part(claims)}.AAAA`), owner);
  // Being in one room opens no other.
  for (const path of ['files', 'messages', 'participants'])
    expect([403, 404]).toContain((await owner.call('GET', `/rooms/${theirs.slug}/${path}`)).status);

  for (const path of [
    '/twirp/livekit.RoomService/ListRooms',
    '/rtc/../twirp/livekit.RoomService/ListRooms',
    '/rtc/%2e%2e/twirp/livekit.RoomService/ListRooms',
    '/rtc%2f..%2ftwirp/livekit.RoomService/ListRooms',
    '//twirp/livekit.RoomService/ListRooms',
    '/rtc/v1/../../twirp/livekit.Egress/ListEgress',
    '/whip/v1',
    '/debug/pprof/heap',
  ]) {
    const answer = await rawRequest(
      owner,
      'POST',
      path,
      {
        authorization: `Bearer ${inside.token}`,
        'content-type': 'application/json',
        'content-length': 2,
        connection: 'close',
      },
      Buffer.from('{}'),
    );
    expect(statuses(answer)[0], path).toBeGreaterThanOrEqual(400);
    expect(answer, path).not.toMatch(/twirp|permission_denied|livekit/i);
    expect(await openSocket(path, owner).ended, path).toBe(404);
  }
});

test('no other page can act in a person’s name', async () => {
  const owner = await person('Aylin Kaya');
  const post = (headers: Record<string, string>) =>
    fetch(`${baseUrl()}/api/v1/rooms`, {
      method: 'POST',
      headers: { cookie: owner.cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ name: 'Forged' }),
    });
  for (const headers of [
    { origin: baseUrl() },
    { 'x-conclave': '1', origin: 'https://evil.example' },
    { 'x-conclave': '1', origin: 'null' },
    { 'x-conclave': '1', origin: `${baseUrl()}.evil.example` },
    { 'x-conclave': '1', origin: baseUrl().replace('http', 'https') },
    { origin: baseUrl(), 'content-type': 'text/plain' },
  ] as Record<string, string>[]) {
    const response = await post(headers);
    expect(response.status, JSON.stringify(headers)).toBe(403);
    expect(((await response.json()) as Problem).reason).toBe('FOREIGN_ORIGIN');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect((await owner.call<{ items: unknown[] }>('GET', '/rooms')).body.items).toEqual([]);
  // A cookie beside a Bearer that means nothing is not a way around either.
  const bearer = await post({ authorization: 'Bearer cnv_invented', origin: 'https://evil.example' });
  expect(bearer.status).toBe(401);
});

test('names that are too long, empty, reversed or broken get an answer that names the field', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  await joinBare(browser, owner, slug);
  const account = (displayName: string) =>
    new Caller().call<Problem>('POST', '/account', {
      email: `${randomBytes(8).toString('hex')}@example.test`,
      password: 'correct horse battery',
      displayName,
    });
  const fields: [string, number, (value: string) => Promise<{ status: number; body: Problem }>][] = [
    ['displayName', 80, account],
    ['displayName', 80, (displayName) => owner.call<Problem>('PATCH', '/me', { displayName })],
    ['name', 120, (name) => owner.call<Problem>('POST', '/rooms', { name })],
    ['name', 120, (name) => owner.call<Problem>('PATCH', `/rooms/${slug}`, { name })],
    ['email', 254, (email) => owner.call<Problem>('POST', `/rooms/${slug}/invitations`, { email })],
  ];
  for (const [field, longest, send] of fields) {
    for (const value of [
      '',
      '   ',
      '\u200b',
      'a\u0000b',
      'a\nb',
      '\u202etxt.exe',
      '\u2066a',
      'x'.repeat(longest + 1),
      '🙂'.repeat(5000),
    ]) {
      const { status, body } = await send(value);
      expect([status, body.details?.['field']], `${field} ${JSON.stringify(value.slice(0, 20))}`).toEqual([400, field]);
    }
  }
  for (const text of ['', ' \n ', '\u0000', 'x'.repeat(4001)]) {
    const { status, body } = await owner.call<Problem>('POST', `/rooms/${slug}/messages`, { text });
    expect([status, body.details?.['field']]).toEqual([400, 'text']);
  }
  for (const name of ['عرض الميزانية', 'סקירה', '🧑🏽‍🚀 Launch 🚀', 'Größe', '日本語の部屋']) {
    const { status, body } = await owner.call<{ name: string }>('POST', '/rooms', { name });
    expect([status, body.name]).toEqual([201, name.normalize('NFC')]);
    const file = await upload(owner, slug, `${name}.pdf`, Buffer.from('x'));
    expect([file.status, file.body.name]).toEqual([201, `${name}.pdf`.normalize('NFC')]);
    expect((await owner.call('POST', `/rooms/${slug}/messages`, { text: name })).status).toBe(201);
  }

  // Of a file's name everything goes that hides or reorders; what is left of nothing is refused.
  const safe: [string, string][] = [
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['a\tb\r\nc.txt', 'abc.txt'],
    ['zero\u200bwidth.txt', 'zerowidth.txt'],
  ];
  for (const [given, shown] of safe) expect((await upload(owner, slug, given, Buffer.from('x'))).body.name).toBe(shown);
  for (const name of ['', '..', '\u202e', 'x'.repeat(256), '\u0000']) {
    const { status, body } = await owner.call<Problem>('POST', `/rooms/${slug}/files`, Buffer.from('x'), {
      'content-type': 'text/plain',
      'x-file-name': fileName(name),
    });
    expect(status, JSON.stringify(name.slice(0, 5))).toBe(400);
    expect(body.details?.['field']).toMatch(/^(name|X-File-Name)$/);
  }
});

test('a body that is not what was declared leaves nothing behind; one name ten times is ten files', async ({
  browser,
}) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  await joinBare(browser, owner, slug);
  const path = `/api/v1/rooms/${slug}/files`;
  const headers = (size: number | string, name: string) => ({
    'content-type': 'application/octet-stream',
    'x-file-name': fileName(name),
    'content-length': size,
  });

  // Longer than declared: the rest is no part of the file, and no request either.
  const longer = statuses(await rawRequest(owner, 'POST', path, headers(100_000, 'longer.bin'), randomBytes(150_000)));
  expect([201, 400]).toContain(longer[0]);
  for (const status of longer.slice(1)) expect(status).toBe(400);
  for (const file of await listed(owner, slug)) expect([file.name, file.size]).toEqual(['longer.bin', 100_000]);

  const shorter = await rawRequest(
    owner,
    'POST',
    path,
    headers(200_000, 'shorter.bin'),
    randomBytes(100_000),
    'half-close',
  );
  for (const status of statuses(shorter)) expect(status).toBe(400);
  await rawRequest(owner, 'POST', path, headers(12_000_000, 'aborted.bin'), randomBytes(7_000_000), 'reset');
  // Side by side: where the server keeps the connection, each is over by its silence.
  await Promise.all(
    ['', '-1', '1e3', '0x10', '99999999999999999999', '5, 6'].map(async (size) => {
      const answer = await rawRequest(owner, 'POST', path, headers(size, 'size.bin'), Buffer.from('x'));
      expect(statuses(answer)[0], size).toBe(400);
    }),
  );
  expect(
    statuses(
      await rawRequest(
        owner,
        'POST',
        path,
        { 'x-file-name': fileName('chunked.bin'), 'transfer-encoding': 'chunked', connection: 'close' },
        Buffer.from('1\r\nx\r\n0\r\n\r\n'),
      ),
    )[0],
  ).toBeGreaterThanOrEqual(400);
  expect(statuses(await rawRequest(owner, 'POST', path, headers(3_000_000_000, 'huge.bin')))[0]).toBe(413);
  await expectNoOrphans();
  await expect
    .poll(async () => (await listed(owner, slug)).map((file) => file.name).filter((name) => name !== 'longer.bin'))
    .toEqual([]);

  const same = await Promise.all(
    Array.from({ length: 10 }, (_, i) => upload(owner, slug, 'minutes.pdf', Buffer.from(`version ${i}`))),
  );
  expect(same.map(({ status }) => status)).toEqual(Array(10).fill(201));
  const ten = (await listed(owner, slug)).filter(({ name }) => name === 'minutes.pdf');
  expect(new Set(ten.map(({ id }) => id)).size).toBe(10);
  const texts = await Promise.all(same.map(async ({ body }) => (await download(owner, slug, body.id)).text()));
  expect(texts).toEqual(Array.from({ length: 10 }, (_, i) => `version ${i}`));
  await expectNoOrphans();
});

test('ranges outside the file are refused, odd ones never return other bytes', async ({ browser }) => {
  const owner = await person('Aylin Kaya');
  const { slug } = await openRoom(owner);
  await joinBare(browser, owner, slug);
  const bytes = randomBytes(200_000);
  const { body: file } = await upload(owner, slug, 'plan.bin', bytes);
  const { body: empty } = await upload(owner, slug, 'empty.bin', Buffer.alloc(0));

  for (const range of ['bytes=200000-', 'bytes=200000-300000', 'bytes=9007199254740993-', 'bytes=-0']) {
    const response = await download(owner, slug, file.id, { range });
    expect([response.status, response.headers.get('content-range')], range).toEqual([416, 'bytes */200000']);
    expect(((await response.json()) as Problem).reason).toBe('RANGE_NOT_SATISFIABLE');
  }
  expect((await download(owner, slug, empty.id, { range: 'bytes=0-' })).status).toBe(416);
  for (const range of [
    'bytes=5-2',
    'bytes=abc',
    'lines=1-2',
    'bytes=',
    'bytes=0-1,5-6',
    'bytes=199999-999999999',
    'bytes=-7',
  ]) {
    const response = await download(owner, slug, file.id, { range });
    expect([200, 206, 416], range).toContain(response.status);
    if (response.status === 416) continue;
    const [from = 0, to = bytes.length - 1] = (
      /bytes (\d+)-(\d+)\//.exec(response.headers.get('content-range') ?? '') ?? []
    )
      .slice(1)
      .map(Number);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(from, to + 1)), range).toBe(true);
  }
});

test('markup and script in every name run nowhere', async ({ browser }) => {
  const payload = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
  const [owner, guest] = [await person(payload.slice(0, 80)), await person(`"'><svg onload=window.ran=1>{{7*7}}`)];
  const { slug } = await openRoom(owner, { name: payload });
  await invite(owner, slug, guest);
  const watched = async (caller: Caller) => {
    const opened = await visitorAs(browser, caller);
    await opened.page.context().addInitScript(() => {
      const violations: string[] = [];
      Object.assign(window, { violations });
      addEventListener('securitypolicyviolation', (event) =>
        violations.push(`${event.violatedDirective} ${event.blockedURI}`),
      );
    });
    return opened;
  };
  const expectCalm = async (page: Page) => {
    const found = await page.evaluate(() => {
      const scope = window as unknown as { ran?: number; violations: string[] };
      return { ran: scope.ran, violations: scope.violations };
    });
    expect(found).toEqual({ violations: [] });
    expect(await page.locator('img[src="x"], svg[onload], a[href^="javascript:"]').count()).toBe(0);
  };
  const [a, b] = [await watched(owner), await watched(guest)];
  for (const path of ['/', '/settings', `/r/${slug}/settings`, `/r/${slug}/files`]) {
    await a.page.goto(path);
    await expect(a.page.getByRole('heading').first()).toBeVisible();
    await expect(a.page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expectCalm(a.page);
  }
  for (const { page } of [a, b]) {
    await page.goto(`/r/${slug}`);
    await expect(page.getByRole('heading', { name: payload })).toBeVisible();
    await expectCalm(page);
    await joinMeeting(page);
  }
  const text = `${payload} javascript:window.ran=1 https://example.test/"onmouseover="window.ran=1 {{7*7}}`;
  await control(a.page, /^Chat/).click();
  await a.page.getByLabel('Message to everyone').fill(text);
  await a.page.getByRole('button', { name: 'Send' }).click();
  await control(b.page, /^Chat/).click();
  for (const { page } of [a, b]) {
    await expect(page.getByRole('log')).toContainText(text);
    await expectCalm(page);
  }
  const name = '<img src=x onerror=window.ran=1>.html';
  const { status, body: file } = await upload(owner, slug, name, Buffer.from(`<script>window.ran=1</script>`));
  expect(status).toBe(201);
  await control(b.page, 'Files').click();
  await expect(b.page.getByLabel('Files').getByText(name)).toBeVisible();
  await control(a.page, 'People').click();
  await expect(a.page.getByLabel('People in the meeting').getByText('<svg onload')).toBeVisible();
  for (const { page } of [a, b]) await expectCalm(page);

  // A shared page opens as a download and never as a page of ours.
  const response = await download(owner, slug, file.id);
  expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-security-policy')).toContain('sandbox');
  for (const { errors } of [a, b]) expect(errors).toEqual([]);
});

test('what a browser holds for the media door is worth nothing to anybody else, and to nobody after a removal', async ({
  browser,
}) => {
  const { owner, guest, slug, inside } = await meetingOfTwo(browser);
  const thief = await barePage(browser, await person('Eve'));
  expect(await thief.connect(inside.token)).toBeDefined();
  expect((await owner.call('POST', `/rooms/${slug}/participants/${inside.joinId}/remove`)).status).toBe(200);
  const again = await barePage(browser, guest);
  expect(await again.connect(inside.token)).toBeDefined();
  const direct = openSocket(`/rtc?access_token=${inside.token}&protocol=15`, guest);
  expect([401, 403]).toContain(await direct.ended);
  await invite(owner, slug, guest);
  expect(await again.connect(inside.token)).toBeDefined();
});
