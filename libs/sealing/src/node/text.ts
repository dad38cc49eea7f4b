import { hkdfSync, randomFillSync } from 'node:crypto';
import { utf8 } from '../bytes.js';
import { fileIntegrity } from '../integrity.js';
import { TEXT_VERSION, textAad, textKeysInfo } from '../labels.js';
import { IV_LENGTH, KEY_LENGTH, sealedLength } from '../layout.js';
import { SUITES, suiteOfByte, type Suite } from '../suite.js';
import { aeadKeys, openSlot, sealSlot, type AeadKeys } from './aead.js';

/** `HKDF(key, no salt, label || 0 || version || suite, 64)`: one key serves several labels without the two ever meeting. */
function keysFor(suite: Suite, key: Uint8Array, label: string): AeadKeys {
  if (key.length !== KEY_LENGTH) throw new RangeError('a key has 32 bytes');
  const { hash, byte } = SUITES[suite];
  const okm = new Uint8Array(hkdfSync(hash, key, new Uint8Array(0), textKeysInfo(label, byte), 2 * KEY_LENGTH));
  try {
    return aeadKeys(suite, okm);
  } finally {
    okm.fill(0);
  }
}

/**
 * Seals a short text (a file's name, a chat message) under `key` for one purpose (`label`) and one place (`aad`: the ids
 * of the row it lies in, so that it opens nowhere else). Result: version 1 | suite | IV | E | T.
 */
export function sealText(suite: Suite, key: Uint8Array, label: string, aad: Uint8Array, text: string): Buffer {
  return sealNote(suite, key, label, aad, utf8(text));
}

/** As `sealText`, for bytes, which are wiped. */
export function sealNote(suite: Suite, key: Uint8Array, label: string, aad: Uint8Array, plaintext: Uint8Array): Buffer {
  try {
    const sealed = Buffer.alloc(2 + sealedLength(plaintext.length));
    sealed[0] = TEXT_VERSION;
    sealed[1] = SUITES[suite].byte;
    const slot = sealed.subarray(2);
    randomFillSync(slot, 0, IV_LENGTH);
    slot.set(plaintext, IV_LENGTH);
    sealSlot(keysFor(suite, key, label), textAad(label, SUITES[suite].byte, aad), slot, plaintext.length);
    return sealed;
  } finally {
    plaintext.fill(0);
  }
}

/** Opens what `sealNote` made under either suite, or refuses it with FILE_INTEGRITY. */
export function openNote(key: Uint8Array, label: string, aad: Uint8Array, sealed: Uint8Array): Buffer {
  const suite = suiteOfByte(sealed[1]);
  if (sealed[0] !== TEXT_VERSION || suite === undefined) throw fileIntegrity('unknown kind of sealed text');
  const plaintext = openSlot(keysFor(suite, key, label), textAad(label, SUITES[suite].byte, aad), sealed.subarray(2));
  if (plaintext === null) throw fileIntegrity('sealed text does not verify');
  return plaintext;
}

/** Opens sealed text of either suite, or refuses it with FILE_INTEGRITY. */
export function openText(key: Uint8Array, label: string, aad: Uint8Array, sealed: Uint8Array): string {
  const plaintext = openNote(key, label, aad, sealed);
  try {
    return plaintext.toString('utf8');
  } finally {
    plaintext.fill(0);
  }
}
