// docs/permissions.md, from the table of permissions and the methods of the contract.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const target = 'docs/permissions.md';

/** The document, by the contract's sources as they are now. */
function printed() {
  const run = ['--import', './libs/testing/run-sources.mjs', 'libs/contracts/src/print-permissions.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, run, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Writes the document; with `check` it only says whether the committed one differs. */
export async function generatePermissions({ check }) {
  const wanted = await format(printed(), { ...(await resolveConfig(target)), filepath: target });
  if (!check) writeFileSync(target, wanted);
  return !check || (existsSync(target) && readFileSync(target, 'utf8') === wanted);
}
