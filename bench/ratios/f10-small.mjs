/**
 * F10: many small files, 16 KiB each, eight at a time through gateway and files, sealed and stored, against the same services without
 * sealing (`engines/plain.mjs`). Five rounds of a thousand on either side are ten thousand. BENCH_FILES changes the thousand.
 */
import { onDataWorld } from '../data-world.mjs';
import { costOf } from '../measure.mjs';

const size = 16 * 1024;
const files = Number(process.env.BENCH_FILES ?? 1_000);
const atOnce = 8;

const prepare = () =>
  onDataWorld(async (world) => {
    const sides = {};
    for (const [name, engine] of [['ours'], ['plain', 'plain']]) {
      const pair = await world.pair({ engine });
      const round = async () => {
        let left = files;
        const stream = async () => {
          while (left-- > 0) await pair.upload(size);
        };
        const cost = await costOf(pair.pids, () => Promise.all(Array.from({ length: atOnce }, stream)));
        return { wall: files / cost.seconds, processor: files / cost.processorSeconds };
      };
      sides[name] = { label: engine ? 'the same services, bytes stored as they came' : 'gateway and files', round };
    }
    const common = { ours: 'ours', peer: 'plain', goal: { atLeast: 0.8 } };
    return {
      facts: { size, files, atOnce },
      rounds: 5,
      sides,
      judged: [
        { ...common, name: 'files of 16 KiB, on the wall', unit: 'files/s', figure: 'wall' },
        { ...common, name: 'files of 16 KiB, processors', unit: 'files/cpu-s', figure: 'processor' },
      ],
    };
  });

export default { id: 'F10', title: 'Many small files', prepare };
