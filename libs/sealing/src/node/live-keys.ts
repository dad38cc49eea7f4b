/** Also runs in workers, straight from its source: only erasable syntax and no other package. */
import { KEY_LENGTH } from '../layout.js';
import type { Suite } from '../suite.js';
import { aeadKeys, type AeadKeys } from './aead.js';

const KEYS_LENGTH = 2 * KEY_LENGTH;

/** MAC_KEY | ENC_KEY of one file and whether they live, in shared memory: one wipe empties it for all threads. */
export interface SegmentKeys {
  readonly suite: Suite;
  readonly bytes: SharedArrayBuffer;
}

const flagOf = (bytes: SharedArrayBuffer): Int32Array => new Int32Array(bytes, KEYS_LENGTH, 1);

/** Puts keys where every thread sees them, and says that they live. */
export function shareKeys(keys: Uint8Array): SharedArrayBuffer {
  const bytes = new SharedArrayBuffer(KEYS_LENGTH + Int32Array.BYTES_PER_ELEMENT);
  new Uint8Array(bytes, 0, KEYS_LENGTH).set(keys);
  Atomics.store(flagOf(bytes), 0, 1);
  return bytes;
}

/** The flag first: whoever copies while the bytes go sees that the copy is worth nothing. */
export function wipeKeys(bytes: SharedArrayBuffer): void {
  Atomics.store(flagOf(bytes), 0, 0);
  new Uint8Array(bytes).fill(0);
}

/** Whether nobody has wiped them so far. */
export const keysLive = ({ bytes }: SegmentKeys): boolean => Atomics.load(flagOf(bytes), 0) === 1;

/**
 * The keys for one run, copied once; undefined when they were wiped before or while they were copied, so that nothing is ever
 * sealed under keys of which a part is gone.
 */
export function takeKeys(keys: SegmentKeys): AeadKeys | undefined {
  if (!keysLive(keys)) return undefined;
  const copy = new Uint8Array(KEYS_LENGTH);
  try {
    copy.set(new Uint8Array(keys.bytes, 0, KEYS_LENGTH));
    return keysLive(keys) ? aeadKeys(keys.suite, copy) : undefined;
  } finally {
    copy.fill(0);
  }
}
