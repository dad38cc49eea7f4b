import { createCipheriv, createDecipheriv, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { Hmac, KeyObject } from 'node:crypto';
import { u64be } from '../bytes.js';
import { BLOCK_LENGTH, IV_LENGTH, KEY_LENGTH, SEALED_EMPTY_LENGTH, TAG_LENGTH } from '../layout.js';
import { SUITES, type Suite } from '../suite.js';

/** The two keys of one AES-256-CBC, then HMAC (RFC 7518 s5.2.2.1). */
export interface AeadKeys {
  readonly suite: Suite;
  readonly mac: KeyObject;
  readonly encryption: KeyObject;
}

/** MAC_KEY | ENC_KEY, as the RFC and our derivation lay them out. Key objects: passing raw keys costs a copy per call. */
export function aeadKeys(suite: Suite, bytes: Uint8Array): AeadKeys {
  if (bytes.length !== 2 * KEY_LENGTH) throw new RangeError('an AEAD key has 64 bytes');
  return {
    suite,
    mac: createSecretKey(bytes.subarray(0, KEY_LENGTH)),
    encryption: createSecretKey(bytes.subarray(KEY_LENGTH)),
  };
}

/** HMAC over A, with IV, E and the bit length of A to come. */
function macOver(keys: AeadKeys, aad: Uint8Array): Hmac {
  return createHmac(SUITES[keys.suite].hash, keys.mac).update(aad);
}

/** First 32 bytes of HMAC(A || IV || E || bit length of A). */
function tagOf(mac: Hmac, aad: Uint8Array): Buffer {
  return mac
    .update(u64be(8 * aad.length))
    .digest()
    .subarray(0, TAG_LENGTH);
}

/** Bytes encrypted and then authenticated in one step: the ciphertext is still in the processor's cache for the second. */
const STEP = 32_768;

/**
 * Encrypts in place. `slot` holds the IV and, right behind it, `length` bytes of plaintext; afterwards it holds
 * IV | E | T and its whole length is used. The IV must be fresh from the CSPRNG.
 */
export function sealSlot(keys: AeadKeys, aad: Uint8Array, slot: Uint8Array, length: number): void {
  const tagAt = slot.length - TAG_LENGTH;
  if (tagAt !== IV_LENGTH + (Math.floor(length / BLOCK_LENGTH) + 1) * BLOCK_LENGTH) {
    throw new RangeError('the slot does not fit its plaintext');
  }
  const iv = slot.subarray(0, IV_LENGTH);
  const cipher = createCipheriv('aes-256-cbc', keys.encryption, iv);
  const mac = macOver(keys, aad).update(iv);
  let written = IV_LENGTH;
  const write = (encrypted: Buffer) => {
    mac.update(encrypted);
    slot.set(encrypted, written); // never past what has been read: a cipher gives at most what it was given
    written += encrypted.length;
  };
  for (let at = 0; at < length; at += STEP) {
    write(cipher.update(slot.subarray(IV_LENGTH + at, IV_LENGTH + Math.min(at + STEP, length))));
  }
  write(cipher.final());
  slot.set(tagOf(mac, aad), tagAt);
}

/**
 * Verifies the tag, in constant time and before any decryption, then decrypts. Null for every failure; there is
 * nothing to tell them apart by.
 */
export function openSlot(keys: AeadKeys, aad: Uint8Array, slot: Uint8Array): Buffer | null {
  if (slot.length < SEALED_EMPTY_LENGTH || slot.length % BLOCK_LENGTH !== 0) return null;
  const tagAt = slot.length - TAG_LENGTH;
  const mac = macOver(keys, aad).update(slot.subarray(0, tagAt));
  if (!timingSafeEqual(tagOf(mac, aad), slot.subarray(tagAt))) return null;
  const decipher = createDecipheriv('aes-256-cbc', keys.encryption, slot.subarray(0, IV_LENGTH));
  const head = decipher.update(slot.subarray(IV_LENGTH, tagAt));
  let tail: Buffer;
  try {
    tail = decipher.final();
  } catch {
    // Bad padding under a good tag: only somebody who holds the keys can make that.
    head.fill(0);
    return null;
  }
  if (tail.length === 0) return head;
  const whole = Buffer.concat([head, tail]);
  head.fill(0);
  tail.fill(0);
  return whole;
}
