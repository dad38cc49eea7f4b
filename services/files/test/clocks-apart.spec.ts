import { randomBytes } from 'node:crypto';
import { FixedClock } from '@conclave/platform';
import { clockOff } from '@conclave/testing';
import { HopTokens } from '../src/file/hop-token.js';
import { reasonOf } from './support/data-client.js';
import { filesProcess, type FilesProcess } from './support/files-process.js';
import { filesWorld, type FilesWorld } from './support/files-world.js';
import { keptUpload } from './support/kept-upload.js';

const mebibyte = 1024 * 1024;

/** Two processes of files an hour ahead and an hour behind everybody else, and nobody of files whose clock is right. */
describe('files in processes whose clocks are two hours apart', () => {
  let world: FilesWorld;
  let ahead: FilesProcess;
  let behind: FilesProcess;
  beforeAll(async () => {
    world = await filesWorld();
    const off = (hours: number) => filesProcess({ ...world.env, ...clockOff(hours) });
    [ahead, behind] = await Promise.all([off(1), off(-1)]);
    await world.service.close();
  }, 120_000);

  it('takes a file in pieces through one and the other, and gives it back from both', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const upload = await keptUpload(world, person, room.slug, randomBytes(8 * mebibyte + 1000));
    for (const [end, through] of [
      [1000, ahead],
      [2000, behind],
      [8 * mebibyte, ahead],
      [undefined, behind],
    ] as const)
      expect(await upload.send(end, through.data)).toBe(end ?? upload.bytes.length);
    // Whoever of the two answers: neither takes the other's calls, tokens or rows for things of another time.
    for (let at = 0; at < 8; at += 1)
      expect((await world.as(person).listFiles({ slug: room.slug })).files).toMatchObject([{ id: upload.fileId }]);
    for (const { data } of [ahead, behind]) {
      const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId: upload.fileId });
      expect((await data.get(upload.fileId, hopToken)).body.equals(upload.bytes)).toBe(true);
    }
  }, 60_000);

  it('still refuses what is over', async () => {
    const room = world.rooms.room();
    const person = world.inside(room);
    const { fileId } = await world.as(person).startUpload({ slug: room.slug, name: 'a', type: '', size: 10n });
    const key = { HOP_TOKEN_KEY: Buffer.from(world.env['HOP_TOKEN_KEY'] ?? '', 'base64') };
    const token = (secondsAgo: number): string => {
      const { userId, sessionId, credentialId } = person;
      const claim = { action: 'upload', fileId, roomId: room.id, userId, sessionId, credentialId, epoch: 0 } as const;
      return new HopTokens(key, new FixedClock(new Date(Date.now() - secondsAgo * 1000))).issue(claim);
    };
    const late = world.principals.sign(person, { expiresIn: -30 });
    for (const { data } of [behind, ahead]) {
      expect(reasonOf(await data.put(fileId, token(31), randomBytes(10)))).toBe('UNAUTHENTICATED');
      await expect(world.as({ ...person, token: late }).listFiles({ slug: room.slug })).rejects.toMatchObject({
        reason: 'UNAUTHENTICATED',
      });
    }
    expect((await behind.data.put(fileId, token(0), randomBytes(10))).status).toBe(201);
  });
});
