import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is running, for `build_info`, log lines and traces. */
export interface BuildInfo {
  readonly version: string;
  readonly commit: string;
}

/** Shape of a version or a commit; anything else in the environment is not repeated into labels. */
const WORD = /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/;

let known: BuildInfo | undefined;

/**
 * Version of the nearest `package.json` above the program, and the commit that the image was built from (`BUILD_COMMIT`,
 * set by the image). Both are `unknown` rather than wrong.
 */
export function buildInfo(env: NodeJS.ProcessEnv = process.env): BuildInfo {
  known ??= { version: versionAbove(process.argv[1] ?? ''), commit: env['BUILD_COMMIT'] ?? '' };
  return { version: word(known.version), commit: word(known.commit) };
}

const word = (text: string): string => (WORD.test(text) ? text : 'unknown');

function versionAbove(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
      if (typeof version === 'string') return version;
    } catch {
      // Not here; one further up.
    }
    if (folder === dirname(folder)) return '';
  }
}
