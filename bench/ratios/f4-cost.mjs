/**
 * F4: processor seconds of gateway and files together for a GiB that is shared, against one process that does no more than encrypt
 * with Node's cipher and HMAC and store with the AWS SDK: no HTTP before it, no database, no presence. BENCH_MIB (default 1024).
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onDataWorld } from '../data-world.mjs';
import { costOf, GIBIBYTE, MEBIBYTE } from '../measure.mjs';

const folder = fileURLToPath(new URL('../peers/aws/', import.meta.url));
const bytes = Number(process.env.BENCH_MIB ?? 1024) * MEBIBYTE;
const perGiB = ({ processorSeconds }) => ({ cost: (processorSeconds * GIBIBYTE) / bytes });

/** The SDK is no package of the product: it is fetched by a lock of its own when it is wanted first. */
async function fetchSdk() {
  if (existsSync(join(folder, 'node_modules/@aws-sdk/lib-storage'))) return;
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}

const prepare = () =>
  onDataWorld(async (world) => {
    await fetchSdk();
    const pair = await world.pair();
    const { bucket } = world;
    const peer = fork(join(folder, 'upload.mjs'), {
      env: {
        ...{ PATH: process.env.PATH, S3_ENDPOINT: bucket.endpoint, S3_REGION: bucket.region },
        ...{ S3_BUCKET: bucket.bucket, S3_ACCESS_KEY: bucket.accessKey, S3_SECRET_KEY: bucket.secretKey },
      },
    });
    world.atEnd(() => peer.disconnect());
    const ours = async () => {
      let id;
      const cost = await costOf(pair.pids, async () => (id = await pair.upload(bytes)));
      await pair.remove(id);
      return perGiB(cost);
    };
    const theirs = async () =>
      perGiB(
        await costOf([peer.pid], async () => {
          peer.send(bytes);
          await once(peer, 'message');
        }),
      );
    const sides = {
      ours: { label: 'gateway and files', round: ours },
      peer: { label: 'createCipheriv, createHmac and @aws-sdk/lib-storage', round: theirs },
    };
    const common = { unit: 'cpu-s/GiB', figure: 'cost', ours: 'ours' };
    return {
      facts: { bytes },
      rounds: 5,
      sides,
      judged: [
        { ...common, name: 'gateway and files together', goal: { atMost: 2.4 } },
        { ...common, name: 'to the standard library and lib-storage', peer: 'peer', goal: { atMost: 0.4 } },
      ],
    };
  });

export default { id: 'F4', title: 'Processor seconds of an upload', prepare };
