// Generates the contracts from proto/. With --check it changes nothing and fails where the committed code differs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateRoomEvents } from './generate-room-events.mjs';

const out = 'libs/contracts/src/gen';
const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;

if (!process.argv.includes('--check')) {
  const code = run('buf', ['generate']);
  if (code === 0) await generateRoomEvents({ check: false });
  process.exit(code);
}

const folder = mkdtempSync(join(tmpdir(), 'conclave-gen-'));
try {
  const kept = join(folder, 'committed');
  cpSync(out, kept, { recursive: true });
  let code = run('buf', ['generate', '-o', folder]);
  if (code === 0) code = run('diff', ['-r', '-q', kept, join(folder, out)]);
  if (code === 0 && !(await generateRoomEvents({ check: true }))) code = 1;
  if (code !== 0) console.error('Generated code is not up to date: run `npm run generate` and commit the result.');
  process.exitCode = code;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
