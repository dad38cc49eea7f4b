// Generates from proto/ the contracts and their words, and from the gateway's routes the web app's client. With --check it
// changes nothing and fails where the committed code differs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeClient } from './generate/api-client.mjs';
import { writeComments } from './generate/comments.mjs';
import { generatePermissions } from './generate/permissions.mjs';
import { generateRoomEvents } from './generate/room-events.mjs';

const contracts = 'libs/contracts/src/gen';
const client = 'web/src/app/core/api/api.gen.ts';
const run = (command, ...args) => spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;

/** Everything generated, under this folder; the client is made from the contracts that are committed. */
async function generate(folder) {
  mkdirSync(join(folder, dirname(client)), { recursive: true });
  const code = run('buf', 'generate', '-o', folder) || writeComments(join(folder, contracts, 'comments.ts'));
  if (code === 0) await writeClient(join(folder, client));
  return code;
}

if (!process.argv.includes('--check')) {
  const code = await generate('.');
  if (code === 0) await generateRoomEvents({ check: false });
  if (code === 0) await generatePermissions({ check: false });
  process.exit(code);
}

const folder = mkdtempSync(join(tmpdir(), 'conclave-gen-'));
try {
  // A copy, for buf cleans what it writes into.
  const kept = join(folder, 'committed');
  cpSync(contracts, kept, { recursive: true });
  let code = await generate(folder);
  if (code === 0) code = run('diff', '-r', '-q', kept, join(folder, contracts));
  if (code === 0) code = run('diff', '-q', client, join(folder, client));
  if (code === 0 && !(await generateRoomEvents({ check: true }))) code = 1;
  if (code === 0 && !(await generatePermissions({ check: true }))) code = 1;
  if (code !== 0) console.error('Generated code is not up to date: run `npm run generate` and commit the result.');
  process.exitCode = code;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
