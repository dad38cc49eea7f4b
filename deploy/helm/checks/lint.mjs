import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const config = join(dirname(fileURLToPath(import.meta.url)), 'kube-linter.yaml');

/** What kube-linter finds in a render under the committed configuration. */
export async function lint(binary, text) {
  const work = mkdtempSync(join(tmpdir(), 'conclave-lint-'));
  try {
    writeFileSync(join(work, 'render.yaml'), text);
    const { stdout } = await run(binary, ['lint', '--config', config, '--format', 'json', work], {
      maxBuffer: 32 * 1024 * 1024,
    }).catch((error) => {
      // Findings are an exit code of 1 with a report; anything else is a failure of the tool.
      if (error.stdout?.trimStart().startsWith('{')) return error;
      throw new Error(`kube-linter: ${error.stderr || error.message}`);
    });
    return (JSON.parse(stdout).Reports ?? []).map(
      ({ Check: check, Diagnostic: { Message: message }, Object: { K8sObject: object } }) =>
        `${check}: ${object.GroupVersionKind.Kind}/${object.Name}: ${message}`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
