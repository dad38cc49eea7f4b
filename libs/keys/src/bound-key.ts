import { hkdfSync } from 'node:crypto';
import { KeyUnwrapRefused, unwrapKey, wrapKey } from './aes-kw.js';
import { Binding, placeBytes, type KeyPlace } from './key-place.js';
import { KEY_LENGTH, SecretKey, type KeyClass } from './secret-key.js';

/** A wrapped key as its row has it. */
export interface BoundKey {
  /** 40 bytes: AES-256-KW. */
  readonly wrapped: Uint8Array;
  /** One of `Binding`. */
  readonly binding: number;
}

/** Wraps the key of one row and no other; lives for one call. */
class WrappingKey extends SecretKey {
  readonly kind = 'WrappingKey';
}

/** Wraps a key for its place: under a key that is derived from the parent for this place alone, or as releases before did. */
export function wrapFor(place: KeyPlace, parent: SecretKey, key: SecretKey, binding: Binding): BoundKey {
  return { wrapped: withWrapping(place, parent, binding, (wrapping) => wrapKey(wrapping, key)), binding };
}

/**
 * The key inside. KeyUnwrapRefused for every cause alike: another row's key, another purpose's or another parent's, changed
 * bytes, a `binding` that is not how it was wrapped.
 */
export function unwrapFor<K extends SecretKey>(
  place: KeyPlace,
  parent: SecretKey,
  { wrapped, binding }: BoundKey,
  keyClass: KeyClass<K>,
): K {
  return withWrapping(place, parent, binding, (wrapping) => unwrapKey(wrapping, wrapped, keyClass));
}

function withWrapping<T>(place: KeyPlace, parent: SecretKey, binding: number, work: (wrapping: SecretKey) => T): T {
  if (binding === Binding.none) return work(parent);
  if (binding !== Binding.place) throw new KeyUnwrapRefused();
  const wrapping = derive(parent, place);
  try {
    return work(wrapping);
  } finally {
    wrapping.destroy();
  }
}

/** HKDF-SHA-256 (RFC 5869) without salt: the parent is random already, and the place is public. */
function derive(parent: SecretKey, place: KeyPlace): WrappingKey {
  return parent.use((bytes) => {
    const okm = new Uint8Array(hkdfSync('sha256', bytes, new Uint8Array(), placeBytes(place), KEY_LENGTH));
    try {
      return new WrappingKey(okm);
    } finally {
      okm.fill(0);
    }
  });
}
