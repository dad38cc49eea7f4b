import { segmentAad } from '../../src/labels.js';
import { SEALED_SEGMENT_LENGTH } from '../../src/layout.js';
import { openSlot, type AeadKeys } from '../../src/node/aead.js';
import type { NativeRuns } from '../../src/node/native-runs.js';
import { slotOf } from './random-runs.js';

/**
 * Flips bits of sealed full segments one at a time and has both engines open the run. Answers with the first bit that one of
 * them let through, or whose refusal left something behind; undefined when there is none.
 */
export function flipBits(
  engines: readonly NativeRuns[],
  keys: AeadKeys,
  sealed: Uint8Array,
  bits: Iterable<number>,
): string | undefined {
  const run = new Uint8Array(sealed.length);
  const zeros = new Uint8Array(sealed.length);
  for (const bit of bits) {
    const at = Math.floor(bit / 8);
    const flip = (): void => {
      run.set(sealed);
      run[at] = (run[at] ?? 0) ^ (1 << (bit % 8));
    };
    for (const engine of engines) {
      flip();
      if (engine.open(keys, 0, run)) return `${engine.path} opened bit ${bit}`;
      if (Buffer.compare(run, zeros) !== 0) return `${engine.path} left something behind at bit ${bit}`;
    }
    flip();
    const segment = Math.floor(at / SEALED_SEGMENT_LENGTH);
    if (openSlot(keys, segmentAad(segment, false), slotOf(run, segment))) return `portable opened bit ${bit}`;
  }
  return undefined;
}
