/**
 * F6: 64 KiB from a random place of a large file, through gateway and files: how many segments are fetched from the store, and how long
 * it takes against reading all of it. The bytes are counted by a relay before the store, which a second pair has and which nothing that
 * is timed goes through. BENCH_MIB (default 1024) is the size of the file.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { onDataWorld } from '../data-world.mjs';
import { MEBIBYTE } from '../measure.mjs';

const bytes = Number(process.env.BENCH_MIB ?? 1024) * MEBIBYTE;
const length = 65_536;
const sealedSegment = 65_600;
const perRound = 100;

function randomRange() {
  const start = randomInt(bytes - length);
  return `bytes=${start}-${start + length - 1}`;
}

/** A way to the store that counts what comes from it. */
async function countingRelay(endpoint) {
  const { hostname, port } = new URL(endpoint);
  const relay = { bytes: 0 };
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), hostname);
    const end = () => void (incoming.destroy(), outgoing.destroy());
    for (const socket of [incoming, outgoing]) socket.on('error', end).on('close', end);
    outgoing.on('data', (chunk) => (relay.bytes += chunk.length));
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  relay.endpoint = `http://127.0.0.1:${server.address().port}`;
  relay.close = () => server.close();
  return relay;
}

async function read(pair, id) {
  if ((await pair.read(id, randomRange())) !== length) throw new Error('a range came to an end too soon');
}

const prepare = () =>
  onDataWorld(async (world) => {
    const pair = await world.pair();
    const relay = await countingRelay(world.bucket.endpoint);
    world.atEnd(() => relay.close());
    const counted = await world.pair({ env: { S3_ENDPOINT: relay.endpoint } });
    const id = await pair.upload(bytes);
    const range = async () => {
      const started = performance.now();
      for (let at = 0; at < perRound; at += 1) await read(pair, id);
      const milliseconds = (performance.now() - started) / perRound;
      const before = relay.bytes;
      for (let at = 0; at < 20; at += 1) await read(counted, id);
      return { milliseconds, segments: (relay.bytes - before) / 20 / sealedSegment };
    };
    const whole = async () => {
      const started = performance.now();
      if ((await pair.read(id)) !== bytes) throw new Error('a read came to an end too soon');
      return { milliseconds: performance.now() - started };
    };
    const sides = {
      ours: { label: '64 KiB from a random place', round: range },
      whole: { label: 'all of it, verified', round: whole },
    };
    return {
      facts: { bytes, perRound },
      rounds: 5,
      sides,
      judged: [
        {
          name: 'fetched, with the headers of HTTP',
          unit: 'segments',
          figure: 'segments',
          ours: 'ours',
          goal: { atMost: 3 },
        },
        {
          name: 'a range to the whole',
          unit: 'ms',
          figure: 'milliseconds',
          ours: 'ours',
          peer: 'whole',
          goal: { atMost: 0.005 },
        },
      ],
    };
  });

export default { id: 'F6', title: 'Reading a range of a large file', prepare };
