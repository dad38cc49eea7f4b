/** Also runs in workers, straight from its source: only erasable syntax and no other package. */
import { resolve } from 'node:path';

/** Runs of 1 to 16 full segments, by one path of the processor. Arguments that do not fit are a TypeError. */
export interface NativePath {
  /** Seals in place under as many IVs as there are segments. `keys` is MAC_KEY | ENC_KEY. */
  seal(suite: number, keys: Uint8Array, first: number, ivs: Uint8Array, run: Uint8Array): void;
  /** Opens in place, the plaintext at the front without gaps; false, and the run wiped, when any segment fails. */
  open(suite: number, keys: Uint8Array, first: number, run: Uint8Array): boolean;
  /** Of any bytes but none. */
  crc32(bytes: Uint8Array): number;
}

/** What `libs/sealing-native` gives to Node. */
export interface NativeModule {
  readonly version: string;
  /** Paths that this processor can follow, fastest first, separated by commas. */
  readonly paths: string;
  use(path: string): NativePath;
}

/** The one version of the module that is taken: that of its Cargo.toml. */
export const NATIVE_VERSION = '1.1.0';

const isModule = (loaded: object): loaded is NativeModule =>
  'version' in loaded && 'paths' in loaded && typeof loaded.paths === 'string' && 'use' in loaded;

/** Why there is no native engine, as one word for logs and metrics; the message says it in a sentence. */
export type NativeFault = 'no-module' | 'not-loadable' | 'other-version' | 'no-instructions' | 'fails-its-test';

/** There is no native engine to be had. */
export class NativeUnavailable extends Error {
  readonly fault: NativeFault;

  constructor(fault: NativeFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.fault = fault;
  }
}

/** Loads the module, on each thread that wants it. */
export function loadModule(file: string): NativeModule {
  const loaded: { exports: object } = { exports: {} };
  try {
    process.dlopen(loaded, resolve(file));
  } catch (error) {
    throw new NativeUnavailable('not-loadable', `the native module cannot be loaded: ${firstLine(error)}`, error);
  }
  const { exports } = loaded;
  if (!isModule(exports)) throw new NativeUnavailable('not-loadable', `${file} is another kind of module`);
  const { version } = exports;
  if (version !== NATIVE_VERSION) {
    throw new NativeUnavailable(
      'other-version',
      `the native module is version ${version}, wanted is ${NATIVE_VERSION}`,
    );
  }
  return exports;
}

const firstLine = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown';
