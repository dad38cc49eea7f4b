/**
 * What is too dear for every `npm test`: flips every single bit of the three segments of an object, in real Chromium. Those of the
 * header are in the spec. Prints a report as JSON.
 *
 *     node --import ./libs/testing/run-sources.mjs libs/sealing/test/chromium/prove.ts
 */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { sealedLength } from '../../src/layout.js';
import { BOTH_SUITES } from '../fixtures.js';
import type { RunText } from './in-page.js';
import { sealingPage } from './sealing-page.js';

const perCall = 20_000;
const began = performance.now();
const page = await sealingPage();
const found: { suite: string; flipped: number; accepted: number }[] = [];
for (const suite of BOTH_SUITES) {
  const sum = { suite, flipped: 0, accepted: 0 };
  const keys = randomBytes(64).toString('base64');
  for (const [first, lastLength, final] of [
    [0, 65_536, false],
    [1, 65_536, false],
    [2, 100, true],
  ] as const) {
    const run: RunText = { suite, keys, first, count: 1, lastLength, final };
    const texts = [randomBytes(lastLength), randomBytes(16)].map((bytes) => bytes.toString('base64'));
    const wire = await page.call<string>('sealRun', run, texts.slice(0, 1), texts[1]);
    const bits = 8 * sealedLength(lastLength);
    for (let from = 0; from < bits; from += perCall) {
      const end = Math.min(from + perCall, bits);
      const told = await page.call<{ flipped: number; accepted: number }>('flipSegment', run, wire, from, end);
      sum.flipped += told.flipped;
      sum.accepted += told.accepted;
      process.stderr.write(`suite ${suite}, segment ${first}: ${end} of ${bits} bits\n`);
    }
  }
  found.push(sum);
}
await page.close();
const report = {
  at: new Date().toISOString(),
  chromium: page.version,
  processor: cpus()[0]?.model ?? 'unknown',
  seconds: Math.round((performance.now() - began) / 1000),
  bitFlips: found,
};
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
