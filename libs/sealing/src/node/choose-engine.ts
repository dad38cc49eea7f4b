import { NativeUnavailable, type NativeFault } from './native-module.js';
import { nativeRuns } from './native-runs.js';

/** As configuration writes it: the native engine if it is there, or it and nothing else, or not at all. */
export const ENGINE_WISHES = ['auto', 'native', 'portable'] as const;
export type EngineWish = (typeof ENGINE_WISHES)[number];

/** What works on runs of full segments: the native engine by a path, or the portable one. `reason` is one word, `why` a sentence. */
export type EngineChoice =
  | {
      readonly engine: 'native';
      readonly module: string;
      readonly path: string;
      readonly reason: 'fastest' | 'asked-for';
      readonly why: string;
    }
  | {
      readonly engine: 'portable';
      readonly path: 'openssl';
      readonly reason: 'asked-for' | NativeFault;
      readonly why: string;
    };

/** What decides. */
export interface EngineOptions {
  readonly wish: EngineWish;
  /** File of the native module, where there is one. */
  readonly module?: string | undefined;
  /** A path to be taken instead of the fastest: for tests and measurements. */
  readonly path?: string | undefined;
}

/** Node's own cryptography, for everything. */
export const PORTABLE: Extract<EngineChoice, { engine: 'portable' }> = {
  engine: 'portable',
  path: 'openssl',
  reason: 'asked-for',
  why: 'it is asked for',
};

/**
 * Chooses once, at the start, by loading the module and having it prove itself. `auto` never fails: what is wrong with the
 * module is the reason for the portable engine. `native` fails with what is wrong, a NativeUnavailable.
 */
export function chooseEngine({ wish, module, path: wanted }: EngineOptions): EngineChoice {
  if (wish === 'portable') return PORTABLE;
  try {
    if (!module) throw new NativeUnavailable('no-module', 'there is no native module');
    const { path } = nativeRuns(module, wanted);
    const found = { engine: 'native', module, path } as const;
    if (wanted) return { ...found, reason: 'asked-for', why: 'it is asked for' };
    return { ...found, reason: 'fastest', why: 'the fastest that this processor can follow' };
  } catch (error) {
    if (!(error instanceof NativeUnavailable)) throw error;
    if (wish === 'auto') return { ...PORTABLE, reason: error.fault, why: error.message };
    const words = `the native sealing engine is asked for (SEALING_ENGINE), but ${error.message}`;
    throw new NativeUnavailable(error.fault, words, error);
  }
}
