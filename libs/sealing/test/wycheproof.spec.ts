import { createHash, createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { aeadKeys, openSlot, sealSlot } from '../src/node/aead.js';
import { openBytes, shortHmac, hmacKey, webAeadKeys } from '../src/web/aead.js';
import { concat } from '../src/bytes.js';

interface Vector {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly [field: string]: string | number | readonly string[];
}

const folder = new URL('../vectors/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');

/** The vectors of a file, each with the facts of its group. */
function vectors(name: string): (Vector & { keySize: number; tagSize: number; ivSize: number })[] {
  const { testGroups } = JSON.parse(text(`${name}_test.json`)) as { testGroups: { tests: Vector[] }[] };
  return testGroups.flatMap(({ tests, ...group }) => tests.map((test) => ({ ...group, ...test }) as never));
}

const bytes = (hex: unknown) => Uint8Array.from(Buffer.from(String(hex), 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

it('the vectors are the published ones', () => {
  const sums = [...text('README.md').matchAll(/`(\w+\.json)`\s*\|\s*`([0-9a-f]{64})`/g)];
  expect(sums.map(([, name]) => name)).toEqual(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort(),
  );
  for (const [, name = '', sum] of sums) expect(createHash('sha256').update(text(name)).digest('hex')).toBe(sum);
});

describe('a256cbc_hs512 is suite 01', () => {
  const all = vectors('a256cbc_hs512');
  const ours = all.filter((test) => test.ivSize === 128 && bytes(test['iv']).length === 16);

  it('seals to the published bytes and opens them', () => {
    const valid = ours.filter((test) => test.result === 'valid');
    expect(valid.length).toBeGreaterThan(20);
    for (const test of valid) {
      const keys = aeadKeys('01', bytes(test['key']));
      const [iv, message, expected] = [
        bytes(test['iv']),
        bytes(test['msg']),
        `${test['iv']}${test['ct']}${test['tag']}`,
      ];
      const slot = concat(iv, new Uint8Array(bytes(test['ct']).length + 32));
      slot.set(message, 16);
      sealSlot(keys, bytes(test['aad']), slot, message.length);
      expect([test.tcId, hex(slot)]).toEqual([test.tcId, expected]);
      expect([test.tcId, hex(openSlot(keys, bytes(test['aad']), slot) ?? bytes('00ff'))]).toEqual([
        test.tcId,
        test['msg'],
      ]);
    }
  });

  it('refuses what is invalid, in Node and with WebCrypto', async () => {
    const invalid = ours.filter((test) => test.result === 'invalid');
    expect(invalid.length).toBeGreaterThan(20);
    for (const test of invalid) {
      const slot = concat(bytes(test['iv']), bytes(test['ct']), bytes(test['tag']));
      expect([test.tcId, openSlot(aeadKeys('01', bytes(test['key'])), bytes(test['aad']), slot)]).toEqual([
        test.tcId,
        null,
      ]);
      expect(await openBytes(await webAeadKeys('01', bytes(test['key'])), bytes(test['aad']), slot)).toBeNull();
    }
  });

  it('opens what is valid with WebCrypto', async () => {
    for (const test of ours.filter(({ result }) => result === 'valid')) {
      const slot = concat(bytes(test['iv']), bytes(test['ct']), bytes(test['tag']));
      const opened = await openBytes(await webAeadKeys('01', bytes(test['key'])), bytes(test['aad']), slot);
      expect([test.tcId, opened && hex(opened)]).toEqual([test.tcId, test['msg']]);
    }
  });
});

describe('aes_cbc_pkcs5 under 256-bit keys', () => {
  // Our cipher is never without its tag, so the ciphertexts are given one; what is left to judge is CBC and the padding.
  it.each(['valid', 'invalid'] as const)('%s', (result) => {
    const tests = vectors('aes_cbc_pkcs5').filter((test) => test.keySize === 256 && test.result === result);
    expect(tests.length).toBeGreaterThan(10);
    for (const test of tests) {
      const key = concat(new Uint8Array(32), bytes(test['key']));
      const body = concat(bytes(test['iv']), bytes(test['ct']));
      const tag = createHmac('sha256', new Uint8Array(32)).update(body).update(new Uint8Array(8)).digest();
      const opened = openSlot(aeadKeys('02', key), new Uint8Array(0), concat(body, tag));
      expect([test.tcId, opened && hex(opened)]).toEqual([test.tcId, result === 'valid' ? test['msg'] : null]);
    }
  });
});

describe.each(['sha256', 'sha512'] as const)('hkdf_%s', (hash) => {
  const tests = vectors(`hkdf_${hash}`);

  it('derives the published bytes', () => {
    for (const test of tests.filter(({ result }) => result === 'valid')) {
      const okm = hkdfSync(hash, bytes(test['ikm']), bytes(test['salt']), bytes(test['info']), Number(test['size']));
      expect([test.tcId, hex(new Uint8Array(okm))]).toEqual([test.tcId, test['okm']]);
    }
  });

  it('refuses more than the hash can give', () => {
    for (const test of tests.filter(({ result }) => result === 'invalid')) {
      expect(() =>
        hkdfSync(hash, bytes(test['ikm']), bytes(test['salt']), bytes(test['info']), Number(test['size'])),
      ).toThrow();
    }
  });
});

describe.each([
  ['sha256', '02'],
  ['sha512', '01'],
] as const)('hmac_%s', (hash, suite) => {
  it('makes the published tags, in Node and with WebCrypto, and none that is invalid', async () => {
    const tests = vectors(`hmac_${hash}`);
    expect(tests.length).toBeGreaterThan(100);
    for (const test of tests) {
      const tag = createHmac(hash, createSecretKey(bytes(test['key'])))
        .update(bytes(test['msg']))
        .digest('hex')
        .slice(0, test.tagSize / 4);
      expect([test.tcId, tag === test['tag']]).toEqual([test.tcId, test.result === 'valid']);
      const web = hex(await shortHmac(await hmacKey(suite, bytes(test['key'])), bytes(test['msg'])));
      const shared = Math.min(64, tag.length);
      expect([test.tcId, web.slice(0, shared)]).toEqual([test.tcId, tag.slice(0, shared)]);
    }
  });
});
