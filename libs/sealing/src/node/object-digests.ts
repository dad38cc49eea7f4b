/** Also runs in workers, straight from its source: only erasable syntax and no other package. */
import { createHash } from 'node:crypto';

/** SHA-256 of what was sealed and of what it became. */
export interface ObjectDigests {
  readonly plaintext: Uint8Array;
  readonly object: Uint8Array;
}

/**
 * The digests of one object while it is being sealed. They live on the thread that seals: there each segment is hashed while
 * it is in the processor's cache anyway, and the event loop hashes nothing. A hash cannot move between threads, so all runs of
 * an object go to the same one, in order; anything else is refused.
 */
export class RunningDigests {
  readonly #plaintext = createHash('sha256');
  readonly #object = createHash('sha256');
  #next = 0;

  constructor(header: Uint8Array) {
    this.#object.update(header);
  }

  /** Says that the run that starts at this segment comes now. */
  expect({ first, count }: { readonly first: number; readonly count: number }): void {
    if (first !== this.#next) throw new RangeError('a run of the object is missing');
    this.#next += count;
  }

  sealing(plaintext: Uint8Array): void {
    this.#plaintext.update(plaintext);
  }

  sealed(wire: Uint8Array): void {
    this.#object.update(wire);
  }

  digests(): ObjectDigests {
    return { plaintext: this.#plaintext.digest(), object: this.#object.digest() };
  }
}
