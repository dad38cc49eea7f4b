import { randomBytes } from 'node:crypto';
import { filesWorld } from './support/files-world.js';
import { StoreProxy } from './support/store-proxy.js';

const mebibyte = 1024 * 1024;

it('a reader who does not read has files fetch no more than its window', async () => {
  const world = await filesWorld();
  const proxy = await StoreProxy.before(world.bucket.endpoint);
  const { data } = await world.boot({ config: { S3_ENDPOINT: proxy.endpoint } });
  const room = world.rooms.room();
  const person = world.inside(room);
  const size = 48 * mebibyte;
  const fileId = await world.share(person, room.slug, randomBytes(size));
  const { hopToken } = await world.as(person).openContent({ slug: room.slug, fileId });
  const before = proxy.gave;
  const answer = await data.open(fileId, hopToken);
  answer.pause();
  let [seen, still] = [0, 0];
  // As long as more comes, it is not over; each look is a tenth of a second behind the last.
  while (still < 10) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    still = proxy.gave === seen ? still + 1 : 0;
    seen = proxy.gave;
  }
  // What is ready, opened or being opened, and what the buffers of three sockets hold.
  expect(seen - before).toBeLessThan(size / 2);
  answer.destroy();
}, 60_000);
