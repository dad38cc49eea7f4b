/** Also runs in workers, which have no import map: no other package. */
import { concat, u64be, type Bytes } from '../bytes.js';
import { BLOCK_LENGTH, IV_LENGTH, KEY_LENGTH, SEALED_EMPTY_LENGTH, TAG_LENGTH } from '../layout.js';
import { SUITES, type Suite } from '../suite.js';

/** `CryptoKey`, by a name that both Node's and the browser's type libraries know. */
export type WebKey = Parameters<typeof crypto.subtle.sign>[1];

/** The two keys of one AES-256-CBC, then HMAC; not extractable, so they may go to a worker and no further. */
export interface WebAeadKeys {
  readonly suite: Suite;
  readonly mac: WebKey;
  readonly encryption: WebKey;
}

/** An HMAC key of the suite's hash. */
export function hmacKey(suite: Suite, bytes: Bytes): Promise<WebKey> {
  const algorithm = { name: 'HMAC', hash: SUITES[suite].webHash };
  return crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
}

/** First 32 bytes of an HMAC. */
export async function shortHmac(key: WebKey, input: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, input), 0, TAG_LENGTH);
}

/** Compares without an early end; both sides have the same length. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  return left.reduce((difference, byte, at) => difference | (byte ^ (right[at] ?? 0)), 0) === 0;
}

/** HKDF with the suite's hash. */
export async function hkdf(suite: Suite, key: Uint8Array, salt: Bytes, info: Bytes, length: number): Promise<Bytes> {
  if (key.length !== KEY_LENGTH) throw new RangeError('a key has 32 bytes');
  const copy = concat(key); // WebCrypto takes no shared memory
  try {
    const base = await crypto.subtle.importKey('raw', copy, 'HKDF', false, ['deriveBits']);
    const algorithm = { name: 'HKDF', hash: SUITES[suite].webHash, salt, info };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, length * 8));
  } finally {
    copy.fill(0);
  }
}

/** MAC_KEY | ENC_KEY; the bytes stay the caller's, to be wiped. */
export async function webAeadKeys(suite: Suite, bytes: Bytes): Promise<WebAeadKeys> {
  if (bytes.length !== 2 * KEY_LENGTH) throw new RangeError('an AEAD key has 64 bytes');
  const [mac, encryption] = await Promise.all([
    hmacKey(suite, bytes.subarray(0, KEY_LENGTH)),
    crypto.subtle.importKey('raw', bytes.subarray(KEY_LENGTH), 'AES-CBC', false, ['encrypt', 'decrypt']),
  ]);
  return { suite, mac, encryption };
}

function tagOf(keys: WebAeadKeys, aad: Bytes, ivAndCiphertext: Uint8Array): Promise<Bytes> {
  return shortHmac(keys.mac, concat(aad, ivAndCiphertext, u64be(8 * aad.length)));
}

/** IV | E | T of a short text under a fresh IV; what is long is sealed in place, see `sealBatch`. */
export async function sealBytes(keys: WebAeadKeys, aad: Bytes, plaintext: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_LENGTH));
  const encrypted = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, keys.encryption, plaintext));
  const body = concat(iv, encrypted);
  return concat(body, await tagOf(keys, aad, body));
}

/** Tag first, then decryption; null for every failure. */
export async function openBytes(keys: WebAeadKeys, aad: Bytes, sealed: Bytes): Promise<Bytes | null> {
  if (sealed.length < SEALED_EMPTY_LENGTH || sealed.length % BLOCK_LENGTH !== 0) return null;
  const body = sealed.subarray(0, -TAG_LENGTH);
  if (!equalBytes(await tagOf(keys, aad, body), sealed.subarray(-TAG_LENGTH))) return null;
  const iv = body.subarray(0, IV_LENGTH);
  try {
    const algorithm = { name: 'AES-CBC', iv };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, keys.encryption, body.subarray(IV_LENGTH)));
  } catch {
    return null;
  }
}
