import { hkdfSync } from 'node:crypto';
import type { Kek } from './secret-key.js';

/** Bytes of a check value. */
export const KEK_CHECK_LENGTH = 16;

/**
 * Tells two KEKs apart and says nothing else about them: HKDF-SHA256 of the key under a label of its own. It lies beside
 * what the key wraps.
 */
export const kekCheckValue = (kek: Kek): Buffer =>
  kek.use((bytes) =>
    Buffer.from(hkdfSync('sha256', bytes, new Uint8Array(), 'conclave/kek-check/1', KEK_CHECK_LENGTH)),
  );
