import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { isSecret } from './schemas.js';

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the flat keys of a zod object from the environment. An empty value counts as not given. Secrets may come from
 * `NAME` or from the file `NAME_FILE`, not both.
 *
 * @throws ConfigError with every problem at once, by key and without values
 */
export function parseConfig<Schema extends z.ZodObject>(schema: Schema, env: Environment): z.output<Schema> {
  const problems: ConfigProblem[] = [];
  const input: Record<string, string> = {};
  for (const [key, field] of Object.entries(schema.shape)) {
    const value = isSecret(field) ? readSecret(key, env, problems) : env[key];
    if (value) input[key] = value;
  }
  const parsed = schema.safeParse(input);
  if (parsed.success && problems.length === 0) return parsed.data;
  const reported = new Set(problems.map(({ key }) => key));
  for (const issue of parsed.error?.issues ?? []) {
    const key = String(issue.path[0] ?? 'configuration');
    if (reported.has(key)) continue;
    reported.add(key);
    problems.push({ key, problem: describe(issue, key, input) });
  }
  throw new ConfigError(problems);
}

function readSecret(key: string, env: Environment, problems: ConfigProblem[]): string | undefined {
  const file = env[`${key}_FILE`];
  if (!file) return env[key];
  if (env[key]) {
    problems.push({ key, problem: `give either ${key} or ${key}_FILE, not both` });
    return undefined;
  }
  try {
    const content = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (content === '') problems.push({ key, problem: `the file of ${key}_FILE is empty` });
    return content;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    problems.push({ key, problem: `the file of ${key}_FILE cannot be read (${code})` });
    return undefined;
  }
}

function describe(issue: z.core.$ZodIssue, key: string, input: Record<string, string>): string {
  const value = input[key];
  if (value === undefined && key !== 'configuration') return 'is missing';
  // A message made by a schema's author could quote the value; then only the fact remains.
  const quotes = Object.values(input).some((given) => given.length >= 4 && issue.message.includes(given));
  return quotes ? 'is not valid' : issue.message;
}
