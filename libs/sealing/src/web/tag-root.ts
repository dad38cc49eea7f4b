import { tagsOf, type BatchShape } from '../batches.js';
import type { Bytes } from '../bytes.js';
import { segmentCount } from '../geometry.js';
import { HEADER_LENGTH, TAG_LENGTH } from '../layout.js';

/**
 * The manifest's root, SHA-256(header || T0 || T1 || ...). WebCrypto has no running hash, so header and tags are kept and hashed at
 * the end: 32 bytes for each 64 KiB of the file, 4 MiB for 8 GiB.
 */
export class TagRoot {
  readonly #bytes: Bytes;
  #at = HEADER_LENGTH;

  constructor(header: Uint8Array, plaintextLength: number) {
    this.#bytes = new Uint8Array(HEADER_LENGTH + TAG_LENGTH * segmentCount(plaintextLength));
    this.#bytes.set(header);
  }

  /** The next run of the object, sealed. */
  sealed(wire: Uint8Array, shape: BatchShape): void {
    const tags = tagsOf(wire, shape);
    this.#bytes.set(tags, this.#at);
    this.#at += tags.length;
  }

  /** Once every run has been seen. */
  async digest(): Promise<Bytes> {
    if (this.#at !== this.#bytes.length) throw new Error('a root needs every tag');
    return new Uint8Array(await crypto.subtle.digest('SHA-256', this.#bytes));
  }
}
