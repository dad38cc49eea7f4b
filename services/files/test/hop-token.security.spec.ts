import { createHmac, randomBytes } from 'node:crypto';
import { FixedClock } from '@conclave/platform';
import type { TestPerson } from '@conclave/messaging/testing';
import { HopTokens } from '../src/file/hop-token.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { reasonOf } from './support/data-client.js';

describe('the data plane', () => {
  let world: FilesWorld;
  let room: { id: string; slug: string };
  let person: TestPerson;
  let fileId: string;

  beforeAll(async () => {
    world = await filesWorld();
    room = world.rooms.room();
    person = world.inside(room);
    fileId = await world.share(person, room.slug, randomBytes(1000));
  }, 120_000);

  const readToken = async (id = fileId) =>
    (await world.as(person).openContent({ slug: room.slug, fileId: id })).hopToken;
  const uploadToken = (size = 10n) => world.as(person).startUpload({ slug: room.slug, name: 'a', type: '', size });

  it('takes no request without a genuine token', async () => {
    const genuine = await readToken();
    const [head, body] = genuine.split('.');
    const otherKey = createHmac('sha256', randomBytes(32)).update(`${head}.${body}`).digest('base64url');
    for (const token of [
      '',
      'x',
      `${head}.${body}.`,
      `${head}.${body}.${otherKey}`,
      `h2.${genuine.slice(3)}`,
      person.token,
    ])
      expect(reasonOf(await world.data.get(fileId, token))).toBe('UNAUTHENTICATED');
  });

  it('takes no token that is over', async () => {
    const clock = new FixedClock(new Date(Date.now() - 31_000));
    const tokens = new HopTokens({ HOP_TOKEN_KEY: Buffer.from(world.env['HOP_TOKEN_KEY']!, 'base64') }, clock);
    const stale = tokens.issue({
      action: 'read',
      fileId,
      roomId: room.id,
      userId: person.userId,
      sessionId: person.sessionId,
      credentialId: person.credentialId,
    });
    expect(reasonOf(await world.data.get(fileId, stale))).toBe('UNAUTHENTICATED');
  });

  it('takes no token for another file or another action', async () => {
    const other = await world.share(person, room.slug, randomBytes(10));
    expect(reasonOf(await world.data.get(other, await readToken()))).toBe('UNAUTHENTICATED');
    const upload = await uploadToken();
    expect(reasonOf(await world.data.get(upload.fileId, upload.hopToken))).toBe('UNAUTHENTICATED');
    expect(reasonOf(await world.data.put(fileId, await readToken(), randomBytes(10)))).toBe('UNAUTHENTICATED');
  });

  it('takes an upload token once, also of two at the same time', async () => {
    const once = await uploadToken();
    expect((await world.data.put(once.fileId, once.hopToken, randomBytes(10))).status).toBe(201);
    expect(reasonOf(await world.data.put(once.fileId, once.hopToken, randomBytes(10)))).toBe('CONFLICT');
    const raced = await uploadToken(500_000n);
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        world.data.put(raced.fileId, raced.hopToken, randomBytes(500_000)).catch(() => ({ status: 0 })),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('knows no other paths and methods', async () => {
    const token = await readToken();
    for (const [method, path] of [
      ['GET', `/uploads/${fileId}`],
      ['POST', `/content/${fileId}`],
      ['DELETE', `/content/${fileId}`],
      ['GET', `/content/${fileId}/`],
      ['GET', `//content/${fileId}`],
      ['GET', `/content/${fileId}?a=b`],
      ['GET', '/'],
      ['GET', '/metrics'],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${world.data.port}${path}`, {
        method,
        headers: { authorization: `Hop ${token}` },
      });
      expect([401, 404]).toContain(answer.status);
      expect(['NOT_FOUND', 'UNAUTHENTICATED']).toContain(answer.headers.get('x-conclave-reason'));
    }
  });
});
