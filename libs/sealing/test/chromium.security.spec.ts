import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sealingModule, type ModulePage } from '@conclave/testing';
import { segmentAad } from '../src/labels.js';
import { aeadKeys, sealSlot } from '../src/node/aead.js';
import { chooseEngine } from '../src/node/choose-engine.js';
import { SealingPool } from '../src/node/index.js';
import { loadModule } from '../src/node/native-module.js';
import { SUITES } from '../src/suite.js';
import type { FileText, ManifestText, ReadingText, RunText } from './chromium/in-page.js';
import { sealingPage } from './chromium/sealing-page.js';
import { BOTH_SUITES, read, seal, type Sealed } from './fixtures.js';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const ofBase64 = (text: string) => Buffer.from(text, 'base64');

/** A sealed file as the page takes it. */
const fileText = ({ suite, dek, fileId, roomId }: Omit<FileText, 'dek'> & { dek: Uint8Array }): FileText => ({
  ...{ suite, dek: base64(dek) },
  ...{ fileId, roomId },
});
const manifestText = ({ manifest }: Sealed): ManifestText => {
  const { version, plaintextLength, objectLength, root: bound, manifestTag } = manifest;
  return { version, plaintextLength, objectLength, root: base64(bound), manifestTag: base64(manifestTag) };
};

/** The engine of browsers in one: WebCrypto as Chromium has it, our workers, under the policy that the gateway sends with every page. */
describe('sealing in Chromium', () => {
  let page: ModulePage;
  let native: string | undefined;
  let module: ReturnType<typeof loadModule> | undefined;
  let paths: readonly string[] = [];
  beforeAll(async () => {
    native = await sealingModule();
    module = native ? loadModule(native) : undefined;
    paths = module?.paths.split(',').filter(Boolean) ?? [];
    page = await sealingPage();
  }, 60_000);
  afterAll(() => page.close());

  describe.each(BOTH_SUITES)('suite %s', (suite) => {
    it.each(['page', 'workers'])('seals on its %s what the server opens', async (where) => {
      for (const length of [0, 1, 65_535, 65_536, 700_001]) {
        const plaintext = randomBytes(length);
        const file = { suite, dek: randomBytes(32), fileId: randomUUID(), roomId: randomUUID() };
        const made = await page.call<{ object: string[]; pieces: number[]; manifest: ManifestText }>(
          'seal',
          where,
          fileText(file),
          base64(plaintext),
        );
        expect(made.pieces.slice(1, -1).every((piece) => piece === 4 * 65_600)).toBe(true);
        const { root: bound, manifestTag, ...facts } = made.manifest;
        const manifest = { ...facts, root: ofBase64(bound), manifestTag: ofBase64(manifestTag) };
        const object = Buffer.concat(made.object.map(ofBase64));
        const opened = await read({ ...file, object, manifest } as unknown as Sealed);
        expect(opened.equals(plaintext)).toBe(true);
      }
    });

    it.each(['page', 'workers'])('opens on its %s what every engine of the server seals', async (where) => {
      const choices = [undefined, chooseEngine({ wish: 'auto', module: native ?? '' })];
      for (const engine of choices.map(
        (choice) => new SealingPool({ workers: 1, ...(choice && { engine: choice }) }),
      )) {
        const sealed = await seal(randomBytes(1_200_003), { suite, engine });
        const { reason, released } = await page.call<ReadingText>(
          'open',
          where,
          base64(sealed.object),
          fileText(sealed),
          manifestText(sealed),
        );
        expect(reason).toBe('read');
        expect(ofBase64(released).equals(sealed.plaintext)).toBe(true);
        await engine.destroy();
      }
    });

    it('makes byte for byte what the portable and the native engine make', async () => {
      const [keys, ivs] = [randomBytes(64), randomBytes(64)];
      for (const [first, count, lastLength, final] of [
        [0, 4, 65_536, false],
        [2 ** 32 - 2, 4, 65_536, false],
        [8, 2, 40_000, true],
        [3, 1, 0, true],
      ] as const) {
        const run: RunText = { suite, keys: base64(keys), first, count, lastLength, final };
        const lengths = Array.from({ length: count }, (_, at) => (at === count - 1 ? lastLength : 65_536));
        const plaintexts = lengths.map((length) => randomBytes(length));
        const slots = plaintexts.map((plaintext, at) => {
          const slot = Buffer.alloc(16 + (Math.floor(plaintext.length / 16) + 1) * 16 + 32);
          slot.set(ivs.subarray(at * 16, at * 16 + 16));
          slot.set(plaintext, 16);
          return slot;
        });
        const natively = Buffer.concat(slots);
        slots.forEach((slot, at) =>
          sealSlot(aeadKeys(suite, keys), segmentAad(first + at, final && at === count - 1), slot, lengths[at] ?? 0),
        );
        const portably = Buffer.concat(slots);
        const wire = await page.call<string>('sealRun', run, plaintexts.map(base64), base64(ivs));
        expect(ofBase64(wire).equals(portably)).toBe(true);
        expect(await page.call('openRun', run, wire)).toEqual(plaintexts.map(base64));
        for (const path of final ? [] : paths) {
          const sealed = Buffer.from(natively);
          module?.use(path).seal(SUITES[suite].byte, keys, first, ivs, sealed);
          expect([path, ofBase64(wire).equals(sealed)]).toEqual([path, true]);
        }
      }
    });

    it('accepts no flipped bit of three segments, and releases no byte of them', async () => {
      const sealed = await seal(randomBytes(2 * 65_536 + 100), { suite });
      // Every bit of header, IVs and tags; of what lies between, one in each half KiB.
      const edges = [0, 1, 2].flatMap((index) => {
        const [from, to] = [72 + index * 65_600, Math.min(72 + (index + 1) * 65_600, sealed.object.length)];
        return [...range(from, from + 16), ...range(to - 32, to)];
      });
      const bits = [...range(0, 72), ...edges].flatMap((byte) => range(byte * 8, byte * 8 + 8));
      for (let byte = 72; byte < sealed.object.length; byte += 512) bits.push(byte * 8 + (byte % 8));
      expect(await page.call('flip', base64(sealed.object), fileText(sealed), manifestText(sealed), bits)).toEqual({
        reasons: { FILE_INTEGRITY: bits.length },
        released: 0,
      });
    });
  });

  it('releases what stands before a bad segment, and nothing of its run or behind it', async () => {
    const sealed = await seal(randomBytes(11 * 65_536));
    for (const bad of [0, 3, 4, 7, 8, 11]) {
      const object = Buffer.from(sealed.object);
      const at = 72 + bad * 65_600 + 20;
      object[at] = (object[at] ?? 0) ^ 1;
      const { reason, released } = await page.call<ReadingText>(
        'open',
        'workers',
        base64(object),
        fileText(sealed),
        manifestText(sealed),
      );
      const good = Math.floor(bad / 4) * 4 * 65_536;
      expect([bad, reason]).toEqual([bad, 'FILE_INTEGRITY']);
      expect(sealed.plaintext.subarray(0, good).equals(ofBase64(released))).toBe(true);
    }
  });

  it('opens the published vectors of A256CBC-HS512 and refuses the invalid ones', async () => {
    const text = readFileSync(new URL('../vectors/a256cbc_hs512_test.json', import.meta.url), 'utf8');
    const { testGroups } = JSON.parse(text) as { testGroups: { ivSize: number; tests: Record<string, string>[] }[] };
    const tests = testGroups.filter(({ ivSize }) => ivSize === 128).flatMap((group) => group.tests);
    expect(tests.length).toBeGreaterThan(40);
    const hex = (value: string | undefined) => Buffer.from(value ?? '', 'hex');
    for (const test of tests) {
      if (hex(test['iv']).length !== 16) continue;
      const sealed = Buffer.concat([hex(test['iv']), hex(test['ct']), hex(test['tag'])]);
      const args = [hex(test['key']), hex(test['aad']), sealed].map(base64);
      const expected = test['result'] === 'valid' ? base64(hex(test['msg'])) : null;
      expect([test['tcId'], await page.call('openText', ...args)]).toEqual([test['tcId'], expected]);
    }
  });

  it('has two workers of its own, under the policy of our pages, and no other can be started', async () => {
    expect(await page.call('workers')).toBe(2);
    const told = await page.call<{ violations: string[] }>('otherWorkers');
    expect(told).toMatchObject({ byString: 'TypeError', byBlob: 'TypeError' });
    expect(told).toMatchObject({ foreign: expect.stringContaining('own origin') });
    expect(new Set(told.violations)).toEqual(new Set(['require-trusted-types-for']));
  });

  it('gives no worker more than two batches and lets the rest wait', async () => {
    expect(await page.call('manyBatches', 9)).toEqual({
      load: { running: 4, waiting: 5 },
      lengths: Array.from({ length: 9 }, () => 4 * 65_600),
      after: { running: 0, waiting: 0 },
    });
  });

  it('reads a source no further ahead than the batches that may be under way, and lets go of it', async () => {
    // Answered only once the source was told that no more is wanted.
    const { given, width } = await page.call<{ given: number; width: number }>('readAhead');
    // Those that wait to be taken, the one that was, one that has just been read, and a chunk.
    expect(given).toBeLessThanOrEqual((width + 2) * 4 * 65_536 + 65_536);
  });

  it('drops what is aborted at once, waiting or running, and serves the others', async () => {
    expect(await page.call('aborted')).toEqual({
      reasons: Array.from({ length: 6 }, () => 'Error: gone home'),
      other: 4 * 65_600,
    });
  });

  it('seals nothing under keys that were destroyed, before or meanwhile', async () => {
    expect(await page.call('keysGone')).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
  });

  it('fails in a word where a worker cannot be loaded, and starts another for the next batch', async () => {
    expect(await page.call('missingWorker')).toEqual({
      ...{ reason: 'UNAVAILABLE', interrupted: true, length: 4 * 65_600, tries: 2 },
      closed: 'UNAVAILABLE',
    });
  });
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);
