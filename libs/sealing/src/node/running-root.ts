import { createSHA256, type IHasher } from 'hash-wasm';
import { tagsOf, type BatchShape } from '../batches.js';
import { fileIntegrity } from '../integrity.js';
import type { ManifestVersion } from '../manifest.js';

let instance: Promise<IHasher> | undefined;

/**
 * The root of a manifest while its object is being made: SHA-256 over the header and every segment's tag, or for version 1 over
 * every byte. Between two runs it is nothing but a state of some hundred bytes, which another process can go on from;
 * `node:crypto` does not give a hash's state away. One hasher serves all objects: it works without waiting, and the state is put
 * in before and taken out after.
 */
export class RunningRoot {
  readonly #hasher: IHasher;
  readonly #version: ManifestVersion;
  #state: Uint8Array;

  private constructor(hasher: IHasher, version: ManifestVersion, state: Uint8Array) {
    this.#hasher = hasher;
    this.#version = version;
    this.#state = state;
  }

  /** For a new object. */
  static async begin(version: ManifestVersion, header: Uint8Array): Promise<RunningRoot> {
    const hasher = await (instance ??= createSHA256());
    return new RunningRoot(hasher, version, hasher.init().update(header).save());
  }

  /** Goes on from a `state`. A state that no hasher of this release has made is refused (FILE_INTEGRITY). */
  static async goOn(version: ManifestVersion, state: Uint8Array): Promise<RunningRoot> {
    const hasher = await (instance ??= createSHA256());
    try {
      hasher.load(state);
    } catch (cause) {
      throw fileIntegrity('state of a root', cause);
    }
    return new RunningRoot(hasher, version, state.slice());
  }

  /** The next run of the object, sealed. */
  sealed(wire: Uint8Array, shape: BatchShape): void {
    this.#state = this.#hasher
      .load(this.#state)
      .update(this.#version === 1 ? wire : tagsOf(wire, shape))
      .save();
  }

  get state(): Uint8Array {
    return this.#state.slice();
  }

  digest(): Buffer {
    return Buffer.from(this.#hasher.load(this.#state).digest('binary'));
  }
}
