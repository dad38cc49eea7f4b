import { OperatorError } from '@conclave/platform';
import { NativeUnavailable, chooseEngine as choose, type EngineChoice } from '@conclave/sealing/node';
import type { Config } from '../config.js';

/** What seals in this process. A native engine that is asked for and not there ends the start with its reason. */
export function chooseEngine(config: Pick<Config, 'SEALING_ENGINE' | 'SEALING_MODULE'>): EngineChoice {
  try {
    return choose({ wish: config.SEALING_ENGINE, module: config.SEALING_MODULE });
  } catch (error) {
    throw error instanceof NativeUnavailable ? new OperatorError(error.message, { cause: error }) : error;
  }
}
