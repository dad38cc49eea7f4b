/** F1b: the portable engine, Node's own cryptography: on one worker to one stream, and two workers to one. */
import { oneStream, onTheWall, perCore, sealers, sealing, streamLabel } from '../sealing-load.mjs';

const suite = process.env.BENCH_SUITE ?? '02';

async function prepare() {
  const { keysOf, portable, facts, close } = await sealers();
  const keys = keysOf(suite);
  const [one, two, stream] = [sealing(portable(1), keys), sealing(portable(2), keys), oneStream(suite, 'seal')];
  const ratios = [
    {
      name: 'one worker to one stream',
      unit: 'MB/cpu-s',
      ours: { label: `sealing, suite ${suite}, 1 worker`, round: () => perCore(one) },
      peer: { label: streamLabel(suite, 'seal'), round: () => perCore(stream) },
      goal: { atLeast: 1.0 },
    },
    {
      name: 'two workers to one',
      unit: 'MB/s',
      ours: { label: `sealing, suite ${suite}, 2 workers`, round: () => onTheWall(two) },
      peer: { label: `sealing, suite ${suite}, 1 worker`, round: () => onTheWall(one) },
      goal: { atLeast: 1.9 },
    },
  ];
  return { facts: { ...facts, suite }, ratios, close };
}

export default { id: 'F1b', title: 'sealing in memory, portable engine', prepare };
