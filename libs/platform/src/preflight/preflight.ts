import type { z } from 'zod';
import { ConfigError } from '../config/config-error.js';
import { type Environment, parseConfig } from '../config/parse-config.js';
import { OperatorError } from '../operator-error.js';

/** One look at one thing that a service stands on. */
export interface PreflightCheck {
  /** For example `database`. */
  readonly name: string;
  /** Answers what is well, in plain words; throws an OperatorError that says what to do when it is not. */
  readonly run: (signal: AbortSignal) => Promise<string>;
}

/** What a check found. */
export interface PreflightResult {
  readonly name: string;
  readonly ok: boolean;
  readonly words: string;
}

/** How long one check may take. */
const checkMs = 20_000;

/** Runs the checks one after another, all of them, whatever the one before found. */
export async function runChecks(
  checks: readonly PreflightCheck[],
  report: (result: PreflightResult) => void,
): Promise<boolean> {
  let ok = true;
  for (const { name, run } of checks) {
    const result = await look(name, run);
    ok &&= result.ok;
    report(result);
  }
  return ok;
}

/**
 * `node dist/preflight.js` of a service: one line per check on stdout, exit code 1 when one of them found a problem. It
 * changes nothing that stays.
 */
export async function preflightCommand<Schema extends z.ZodObject>(
  schema: Schema,
  checksOf: (config: z.output<Schema>) => readonly PreflightCheck[],
  env: Environment = process.env,
): Promise<never> {
  const report = ({ ok, name, words }: PreflightResult): void =>
    void process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(14)}  ${words}\n`);
  try {
    const config = parseConfig(schema, env);
    report({ ok: true, name: 'configuration', words: 'every key is there and has the right form' });
    return process.exit((await runChecks(checksOf(config), report)) ? 0 : 1);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { key, problem } of error.problems)
      report({ ok: false, name: 'configuration', words: `${key} ${problem}` });
    return process.exit(1);
  }
}

async function look(name: string, run: PreflightCheck['run']): Promise<PreflightResult> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new OperatorError(`no answer within ${checkMs / 1000} s`));
    }, checkMs);
  });
  try {
    return { name, ok: true, words: await Promise.race([run(controller.signal), timeout]) };
  } catch (error) {
    return { name, ok: false, words: wordsOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Words that were written for an operator, or the bare kind of the failure: a library's message may quote a secret. */
function wordsOf(error: unknown): string {
  if (error instanceof OperatorError) return error.message.replaceAll('\n', ' ');
  const { name, code } = error as { name?: unknown; code?: unknown };
  return `failed unexpectedly (${String(code ?? name ?? 'error')})`;
}
