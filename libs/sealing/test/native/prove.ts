/**
 * What is too dear for every `npm test`: `runs N` compares random runs with the portable engine, `bits` flips every single bit of a
 * sealed object of three segments. Prints a report as JSON. With MINUTES it ends sooner if need be; with a FILE it goes on from the
 * report that stands there and keeps it, so that several sittings add up.
 *
 *     node --import ./libs/testing/run-sources.mjs libs/sealing/test/native/prove.ts runs 1000000 [MINUTES [FILE]]
 *     node --import ./libs/testing/run-sources.mjs libs/sealing/test/native/prove.ts bits [MINUTES [FILE]]
 *
 * For a module of another processor: `SEALING_MODULE=… qemu-aarch64 … node --import ./libs/sealing/src/node/pool/load-source.mjs …`.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { segmentAad } from '../../src/labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, sealedLength } from '../../src/layout.js';
import { aeadKeys, openSlot, sealSlot } from '../../src/node/aead.js';
import { loadModule } from '../../src/node/native-module.js';
import { nativeRuns } from '../../src/node/native-runs.js';
import type { Suite } from '../../src/suite.js';
import { flipBits } from './bit-flips.js';
import { KeptReport } from './kept-report.js';
import { MOST, compareOnce, fillRun } from './random-runs.js';

const [what, ...words] = process.argv.slice(2);
const [wanted = 1_000_000, minutes = Infinity, kept] =
  what === 'bits'
    ? [0, Number(words[0] ?? Infinity), words[1]]
    : [Number(words[0] ?? 1_000_000), Number(words[1] ?? Infinity), words[2]];
const end = performance.now() + 60_000 * minutes;
const over = (): boolean => performance.now() >= end;
/** Where a module is named, nothing else of the project is needed: it may be one for another processor, under an emulator. */
const file = process.env['SEALING_MODULE'] ?? (await (await import('@conclave/testing')).sealingModule());
if (file === undefined) throw new Error('there is no native module to prove');
const engines = loadModule(file)
  .paths.split(',')
  .map((path) => nativeRuns(file, path));
const paths = engines.map(({ path }) => path);
const say = (line: string) => process.stderr.write(`${line}\n`);

function randomRuns(): string {
  const none = { total: 0, different: 0, byPath: {} as Record<string, { runs: number; segments: number }> };
  const report = new KeptReport(kept, paths, { randomRuns: none });
  const { randomRuns: found } = report.found;
  for (; found.total < wanted && !over(); found.total += 1) {
    const engine = engines[found.total % engines.length];
    if (!engine) continue;
    // Every length, most often those that cost the portable engine least.
    const count = randomInt(12) === 0 ? 1 + randomInt(MOST) : 1;
    const different = compareOnce(engine, count);
    if (different !== undefined) throw new Error(different);
    const of = (found.byPath[engine.path] ??= { runs: 0, segments: 0 });
    of.runs += 1;
    of.segments += count;
    if ((found.total + 1) % 1_000 === 0) report.keep();
    if ((found.total + 1) % 50_000 === 0) say(`${found.total + 1} runs`);
  }
  report.keep();
  return report.text();
}

const suites: readonly Suite[] = ['01', '02'];
const full = 2 * SEALED_SEGMENT_LENGTH;
const bitsOfFull = 8 * full;
const step = 2_000;

/** Two full segments by every engine; the short last one, which only the portable engine opens, by that. */
function everyBit(): string {
  const none = suites.map((suite) => ({ suite, flipped: 0, of: bitsOfFull, ofLast: 0, accepted: 0 }));
  const report = new KeptReport(kept, paths, { bitFlips: none });
  for (const found of report.found.bitFlips) {
    const keys = aeadKeys(found.suite, randomBytes(64));
    const sealed = new Uint8Array(full);
    fillRun(sealed);
    engines[0]?.seal(keys, 0, sealed);
    while (found.flipped < bitsOfFull && !over()) {
      const some = Array.from({ length: Math.min(step, bitsOfFull - found.flipped) }, (_, at) => found.flipped + at);
      const passed = flipBits(engines, keys, sealed, some);
      if (passed !== undefined) throw new Error(passed);
      found.flipped += some.length;
      report.keep();
      if (found.flipped % 100_000 === 0) say(`suite ${found.suite}: ${found.flipped} of ${bitsOfFull} bits`);
    }
    const length = 100;
    const last = Buffer.alloc(sealedLength(length));
    randomBytes(IV_LENGTH + length).copy(last);
    sealSlot(keys, segmentAad(2, true), last, length);
    for (let bit = 0; bit < 8 * last.length; bit += 1) {
      const damaged = Buffer.from(last);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit % 8));
      if (openSlot(keys, segmentAad(2, true), damaged))
        throw new Error(`portable opened bit ${bit} of the last segment`);
    }
    found.ofLast = 8 * last.length;
  }
  report.keep();
  return report.text();
}

process.stdout.write(what === 'bits' ? everyBit() : randomRuns());
