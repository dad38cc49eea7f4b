/**
 * What is too dear for every `npm test`: `runs N` compares random runs with the portable engine (`runs N MINUTES` ends
 * sooner if need be), `bits` flips every single bit
 * of a sealed object of three segments. Prints a report as JSON.
 *
 *     node --import ./libs/testing/run-sources.mjs libs/sealing/test/native/prove.ts runs 1000000
 *
 * For a module of another processor: `SEALING_MODULE=… qemu-aarch64 … node --import ./libs/sealing/src/node/pool/load-source.mjs …`.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { arch, cpus } from 'node:os';
import { segmentAad } from '../../src/labels.js';
import { IV_LENGTH, SEALED_SEGMENT_LENGTH, sealedLength } from '../../src/layout.js';
import { aeadKeys, openSlot, sealSlot } from '../../src/node/aead.js';
import { NATIVE_VERSION, loadModule } from '../../src/node/native-module.js';
import { nativeRuns } from '../../src/node/native-runs.js';
import type { Suite } from '../../src/suite.js';
import { flipBits } from './bit-flips.js';
import { MOST, compareOnce, fillRun } from './random-runs.js';

const [what, number = '1000000', minutes = 'Infinity'] = process.argv.slice(2);
const end = performance.now() + 60_000 * Number(minutes);
/** Where a module is named, nothing else of the project is needed: it may be one for another processor, under an emulator. */
const file = process.env['SEALING_MODULE'] ?? (await (await import('@conclave/testing')).sealingModule());
if (file === undefined) throw new Error('there is no native module to prove');
const engines = loadModule(file)
  .paths.split(',')
  .map((path) => nativeRuns(file, path));
const say = (line: string) => process.stderr.write(`${line}\n`);
const began = performance.now();

function randomRuns(wanted: number) {
  const byPath: Record<string, { runs: number; segments: number }> = {};
  let run = 0;
  for (; run < wanted && performance.now() < end; run += 1) {
    const engine = engines[run % engines.length];
    if (!engine) continue;
    // Every length, most often those that cost the portable engine least.
    const count = randomInt(12) === 0 ? 1 + randomInt(MOST) : 1;
    const different = compareOnce(engine, count);
    if (different !== undefined) throw new Error(different);
    const of = (byPath[engine.path] ??= { runs: 0, segments: 0 });
    of.runs += 1;
    of.segments += count;
    if ((run + 1) % 50_000 === 0) say(`${run + 1} runs`);
  }
  return { randomRuns: { total: run, different: 0, byPath } };
}

/** Two full segments by every engine; the short last one, which only the portable engine opens, by that. */
function everyBit(suite: Suite) {
  const keys = aeadKeys(suite, randomBytes(64));
  const full = new Uint8Array(2 * SEALED_SEGMENT_LENGTH);
  fillRun(full);
  engines[0]?.seal(keys, 0, full);
  const bits = 8 * full.length;
  for (let from = 0; from < bits; from += 100_000) {
    const some = Array.from({ length: Math.min(100_000, bits - from) }, (_, at) => from + at);
    const passed = flipBits(engines, keys, full, some);
    if (passed !== undefined) throw new Error(passed);
    say(`suite ${suite}: ${from + some.length} of ${bits} bits`);
  }
  const length = 100;
  const last = Buffer.alloc(sealedLength(length));
  randomBytes(IV_LENGTH + length).copy(last);
  sealSlot(keys, segmentAad(2, true), last, length);
  for (let bit = 0; bit < 8 * last.length; bit += 1) {
    const damaged = Buffer.from(last);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit % 8));
    if (openSlot(keys, segmentAad(2, true), damaged)) throw new Error(`portable opened bit ${bit} of the last segment`);
  }
  return { suite, flipped: bits + 8 * last.length, accepted: 0 };
}

const found = what === 'bits' ? { bitFlips: (['01', '02'] as const).map(everyBit) } : randomRuns(Number(number));
const report = {
  at: new Date().toISOString(),
  module: NATIVE_VERSION,
  paths: engines.map(({ path }) => path),
  processor: `${arch()}, ${cpus()[0]?.model ?? 'unknown'}`,
  node: process.version,
  seconds: Math.round((performance.now() - began) / 1000),
  ...found,
};
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
