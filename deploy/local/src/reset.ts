import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { dirname } from 'node:path';
import type { Installation } from './installation.js';

/** The person did not agree, or could not be asked. */
export class ResetRefused extends Error {}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** Deletes everything of this installation, after a person has said so in so many words. */
export async function reset(installation: Installation, yes: boolean): Promise<void> {
  const { folder, postgresFolder } = installation;
  if (!yes) {
    if (!process.stdin.isTTY) {
      throw new ResetRefused('--reset deletes everything and nobody is there to ask. If you mean it: --reset --yes');
    }
    process.stdout.write(
      `This deletes every person, room, message and file of this installation, and its keys:\n  ${folder}\n`,
    );
    if (!postgresFolder.startsWith(folder)) process.stdout.write(`  ${dirname(postgresFolder)}\n`);
    if ((await ask('Type "reset" to go on: ')).trim() !== 'reset') throw new ResetRefused('Nothing was deleted.');
  }
  // Data first: without its keys it could never be read again, so the keys must not go alone.
  await rm(postgresFolder, { recursive: true, force: true });
  if (!postgresFolder.startsWith(folder)) await rm(dirname(postgresFolder), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}
