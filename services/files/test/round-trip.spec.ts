import { createHash, randomBytes } from 'node:crypto';
import { files } from '@conclave/contracts';
import { filesWorld, type FilesWorld } from './support/files-world.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a shared file', () => {
  let world: FilesWorld;
  beforeAll(async () => {
    world = await filesWorld();
  }, 120_000);

  it.each([0, 1, 15, 16, 17, 65_535, 65_536, 65_537, 1_000_003, 20 * 1024 * 1024])(
    'of %d bytes comes back as it was',
    async (size) => {
      const room = world.rooms.room();
      const person = world.inside(room);
      const body = randomBytes(size);
      const fileId = await world.share(person, room.slug, body, 'plan.txt');

      const { file, hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
      const answer = await world.data.get(fileId, hopToken);

      expect(answer.status).toBe(200);
      expect(answer.headers['content-length']).toBe(String(size));
      expect(sha256(answer.body)).toBe(sha256(body));
      expect(file).toMatchObject({
        name: 'plan.txt',
        type: 'text/plain',
        size: BigInt(size),
        sha256: '',
        status: files.FileStatus.AVAILABLE,
        ownerId: person.userId,
      });
    },
    60_000,
  );
});
