import type { z } from 'zod';
import { ConfigError } from './config-error.js';
import { type Environment, parseConfig } from './parse-config.js';

/** EX_CONFIG of sysexits.h: a supervisor can tell a wrong configuration from a crash. */
const EXIT_CONFIG = 78;

/** Reads the configuration once at boot; prints everything that is wrong to stderr and ends the process with 78. */
export function loadConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment = process.env,
): z.output<Schema> {
  try {
    return parseConfig(schema, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(EXIT_CONFIG);
  }
}
