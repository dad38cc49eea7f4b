import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sealingModule } from '@conclave/testing';
import { u64be } from '../src/bytes.js';
import { segmentAad } from '../src/labels.js';
import { loadModule } from '../src/node/native-module.js';

const file = (await sealingModule()) ?? '';
const native = file ? loadModule(file) : undefined;
const paths = native?.paths.split(',').filter(Boolean) ?? [];

interface Vector {
  readonly tcId: number;
  readonly result: string;
  readonly [field: string]: string | number;
}

function vectors(name: string): Vector[] {
  const text = readFileSync(new URL(`../vectors/${name}_test.json`, import.meta.url), 'utf8');
  const { testGroups } = JSON.parse(text) as { testGroups: { tests: Vector[] }[] };
  return testGroups.flatMap(({ tests, ...group }) => tests.map((test) => ({ ...group, ...test })));
}

const bytes = (hex: unknown) => Buffer.from(String(hex), 'hex');
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

/** A segment whose plaintext begins with these bytes; what follows them does not change what they become. */
function segmentOf(front: Uint8Array): Uint8Array {
  const segment = new Uint8Array(65_600);
  segment.set(front, 16);
  return segment;
}

/** What the native engine works on is always a full segment: published vectors are its first blocks, and its keys. */
const onPaths = paths.length > 0 ? describe : describe.skip;
onPaths.each(paths.length > 0 ? paths : ['none here'])(
  'published vectors through the native engine, path %s',
  (path) => {
    const engine = native?.use(path);

    it.each(['aes_cbc_pkcs5', 'a256cbc_hs512'])('%s: the whole blocks are the published ones', (name) => {
      const tests = vectors(name).filter(({ result, keySize, ivSize }) => {
        return result === 'valid' && (name === 'a256cbc_hs512' || keySize === 256) && ivSize === 128;
      });
      expect(tests.length).toBeGreaterThan(10);
      for (const test of tests) {
        const [key, iv, message] = [bytes(test['key']), bytes(test['iv']), bytes(test['msg'])];
        const keys = new Uint8Array(64);
        keys.set(key, 64 - key.length);
        const run = segmentOf(message);
        engine?.seal(2, keys, 0, iv, run);
        const whole = message.length - (message.length % 16);
        expect([test.tcId, hex(run.subarray(16, 16 + whole))]).toEqual([
          test.tcId,
          hex(bytes(test['ct']).subarray(0, whole)),
        ]);
        expect(engine?.open(2, keys, 0, run)).toBe(true);
        expect([test.tcId, hex(run.subarray(0, message.length))]).toEqual([test.tcId, hex(message)]);
      }
    });

    it.each([
      ['hmac_sha256', 'sha256', 2],
      ['hmac_sha512', 'sha512', 1],
    ] as const)(
      '%s: under the published keys, over the published messages, tags are those of Node',
      (name, hash, suite) => {
        // Our keys have 32 bytes: of longer ones the first, of shorter ones all, which HMAC fills up with zeros as well.
        const tests = vectors(name);
        expect(tests.length).toBeGreaterThan(100);
        for (const test of tests) {
          const keys = new Uint8Array(64);
          keys.set(bytes(test['key']).subarray(0, 32));
          const run = segmentOf(bytes(test['msg']));
          engine?.seal(suite, keys, test.tcId, new Uint8Array(16), run);
          const aad = segmentAad(test.tcId, false);
          const mac = createHmac(hash, keys.subarray(0, 32)).update(aad).update(run.subarray(0, 65_568));
          const tag = mac
            .update(u64be(8 * aad.length))
            .digest('hex')
            .slice(0, 64);
          expect([test.tcId, hex(run.subarray(65_568))]).toEqual([test.tcId, tag]);
        }
      },
    );
  },
);
