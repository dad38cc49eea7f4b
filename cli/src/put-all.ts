import { asFailure, exitCodes, type ExitCode } from './failure.ts';
import { tell } from './progress.ts';

/** What concerns one file alone: the others may go well. */
const ofOneFile: ReadonlySet<ExitCode> = new Set([exitCodes.failed, exitCodes.localFile]);

/**
 * Shares one after another. A file that is refused stops only itself; what stops everybody ends it. At the end it says which were not
 * shared, so that running it again with those shares none twice.
 */
export async function putAll(
  paths: readonly string[],
  put: (path: string) => Promise<string>,
  shared: (id: string, path: string) => void,
): Promise<ExitCode> {
  let first: ExitCode = exitCodes.done;
  const missing: string[] = [];
  for (const [at, path] of paths.entries()) {
    try {
      shared(await put(path), path);
    } catch (error) {
      const { code, message } = asFailure(error);
      if (first === exitCodes.done) first = code;
      tell(message);
      if (ofOneFile.has(code)) {
        missing.push(path);
        continue;
      }
      missing.push(...paths.slice(at));
      break;
    }
  }
  if (missing.length > 0 && paths.length > 1)
    tell(`Shared ${paths.length - missing.length} of ${paths.length} files. Not shared: ${missing.join(', ')}`);
  return first;
}
