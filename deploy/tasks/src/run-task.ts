import { OperatorError } from '@conclave/platform';

/** Done, and something is wrong that doing it again does not mend: exit code 3, so that a Job does not try again. */
export class NotSound extends OperatorError {
  override readonly name = 'NotSound';
}

/** Runs a task to its end: exit 0; or 1 (3 where nothing is gained by a second try) with words for the operator, and nothing else, for a library's message may quote a secret. */
export async function runTask(task: () => Promise<void>): Promise<never> {
  try {
    await task();
    return process.exit(0);
  } catch (error) {
    if (error instanceof OperatorError) say(error.message);
    else {
      const { name, code } = error as { name?: string; code?: unknown };
      say(
        `This task failed in a way that nobody foresaw (${name ?? 'error'} ${String(code ?? '')}).`.replace(' )', ')'),
      );
      if (process.env['LOG_LEVEL'] === 'debug') process.stderr.write(`${(error as Error).stack ?? ''}\n`);
    }
    return process.exit(error instanceof NotSound ? 3 : 1);
  }
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
