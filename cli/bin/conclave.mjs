#!/usr/bin/env node
// Runs the sources as they are: Node has read TypeScript by itself since 22.18. Where the Node at hand is older, the one of this checkout does it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const own = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
  if (existsSync(own) && !process.env.CONCLAVE_CLI_OWN_NODE) {
    const env = { ...process.env, CONCLAVE_CLI_OWN_NODE: '1' };
    const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
    process.exitCode = spawnSync(own, args, { stdio: 'inherit', env }).status ?? 1;
  } else {
    process.stderr.write(`conclave needs Node 22.18 or newer; this is ${process.versions.node}.\n`);
    process.exitCode = 2;
  }
}
