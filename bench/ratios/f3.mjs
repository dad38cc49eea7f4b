/**
 * F3: an upload through gateway and files, sealed on its way, against the same services without sealing (`engines/plain.mjs`), and with
 * one stream of Node's cipher and HMAC on the event loop (`engines/naive.mjs`): on the wall, and in processor seconds of both services.
 *
 * Real Postgres, NATS and MinIO. BENCH_MIB (default 1024) is the size of the file.
 */
import { onDataWorld } from '../data-world.mjs';
import { costOf, MEBIBYTE } from '../measure.mjs';

const MEGA = 1e6;
const bytes = Number(process.env.BENCH_MIB ?? 1024) * MEBIBYTE;

const labels = {
  ours: 'gateway and files as they are',
  plain: 'the same services, bytes stored as they came, without a checksum',
  naive: 'the same services, AES-256-CBC and HMAC-SHA-256 on the event loop',
};

const prepare = () =>
  onDataWorld(async (world) => {
    const sides = {};
    for (const [name, engine] of [['ours'], ['plain', 'plain'], ['naive', 'naive']]) {
      const pair = await world.pair({ engine });
      const round = async () => {
        let id;
        const cost = await costOf(pair.pids, async () => (id = await pair.upload(bytes)));
        await pair.remove(id);
        return { wall: bytes / MEGA / cost.seconds, processor: bytes / MEGA / cost.processorSeconds };
      };
      sides[name] = { label: labels[name], round };
    }
    const ratio = (name, figure, unit, peer, atLeast) => ({
      name,
      figure,
      unit,
      ours: 'ours',
      peer,
      goal: { atLeast },
    });
    return {
      facts: { bytes },
      rounds: 5,
      sides,
      judged: [
        ratio('sealed to unsealed, on the wall', 'wall', 'MB/s', 'plain', 0.9),
        ratio('sealed to unsealed, processors', 'processor', 'MB/cpu-s', 'plain', 0.9),
        ratio('sealed to the naive cipher pipe, on the wall', 'wall', 'MB/s', 'naive', 1.3),
        ratio('sealed to the naive cipher pipe, processors', 'processor', 'MB/cpu-s', 'naive', 1.3),
      ],
    };
  });

export default { id: 'F3', title: 'Upload through gateway and files, sealed', prepare };
