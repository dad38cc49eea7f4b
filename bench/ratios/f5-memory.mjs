/**
 * F5: what one more upload at a time takes of memory, gateway and files together, whatever the file's size. Sixteen uploads are begun
 * and send 48 MiB of what they have announced, more than all that may be held of them; the smallest is sent whole.
 */
import { onDataWorld } from '../data-world.mjs';
import { forgetPeak, GIBIBYTE, MEBIBYTE, peakMemory } from '../measure.mjs';

const most = 48 * MEBIBYTE;
const many = 16;
const sizes = { small: 16 * MEBIBYTE, middle: GIBIBYTE, large: 8 * GIBIBYTE };
const labels = { small: '16 MiB', middle: '1 GiB', large: '8 GiB' };

/** Highest memory of a pair while so many uploads run. */
async function peakOf(pair, size, count) {
  await Promise.all(pair.pids.map(forgetPeak));
  const pauseAt = Math.min(size, most);
  const open = Array.from({ length: count }, (_, at) => pair.open(size, at, { pauseAt }));
  await Promise.all(open.map(({ paused, sent }) => (pauseAt === size ? sent : paused)));
  const peaks = await Promise.all(pair.pids.map(peakMemory));
  for (const { cut } of open) cut();
  return peaks.reduce((sum, one) => sum + one, 0);
}

const prepare = () =>
  onDataWorld(async (world) => {
    const sides = {};
    for (const [name, size] of Object.entries(sizes)) {
      const round = async () => {
        // New processes: what earlier uploads left in their heaps is nobody's memory.
        const pair = await world.pair();
        await peakOf(pair, size, 2);
        const one = await peakOf(pair, size, 1);
        const all = await peakOf(pair, size, many);
        await pair.stop();
        return { slope: (all - one) / (many - 1), one, all };
      };
      sides[name] = { label: `${many} uploads of ${labels[name]} and one`, cold: true, round };
    }
    const common = { unit: 'MiB', figure: 'slope' };
    return {
      facts: { sizes, sent: most, many },
      rounds: 5,
      sides,
      judged: [
        ...Object.keys(sizes).map((ours) => ({
          ...{ ...common, ours },
          name: `each further upload of ${labels[ours]}`,
          goal: { atMost: 12 },
        })),
        { ...common, name: '8 GiB to 1 GiB', ours: 'large', peer: 'middle', goal: { atMost: 1.05 } },
      ],
    };
  });

export default { id: 'F5', title: 'Memory of an upload', prepare };
