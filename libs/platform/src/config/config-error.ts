import { OperatorError } from '../operator-error.js';

/** One thing that is wrong with the environment. */
export interface ConfigProblem {
  /** The environment key, for example `DATABASE_PASSWORD`. */
  readonly key: string;
  /** What is wrong, without the value. */
  readonly problem: string;
}

/** Everything that is wrong with the environment, at once; never holds a value. */
export class ConfigError extends OperatorError {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(`The configuration is not usable:\n${problems.map(({ key, problem }) => `  ${key}: ${problem}`).join('\n')}`);
  }
}
