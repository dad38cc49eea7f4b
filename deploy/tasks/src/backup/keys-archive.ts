import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { OperatorError } from '@conclave/platform';
import { z } from 'zod';

const archiveSchema = z.object({
  format: z.literal('conclave-keys/1'),
  files: z.array(z.object({ path: z.string(), content: z.base64() })),
});

const largestFile = 1024 * 1024;

/** Every file below a folder of secrets, as one JSON text; a mounted Secret's own generations (`..data`) are left out. */
export async function packKeys(folder: string): Promise<{ archive: Readable; files: number }> {
  const paths: string[] = [];
  const walk = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch((cause: unknown) => {
      throw new OperatorError(`The folder of keys ${at} cannot be read.`, { cause });
    });
    for (const { name } of entries) {
      if (name.startsWith('.')) continue;
      const path = join(at, name);
      // Through links: a mounted Secret is made of them.
      const found = await stat(path);
      if (found.isDirectory()) await walk(path);
      else if (found.size <= largestFile) paths.push(path);
      else throw new OperatorError(`${path} is too large for a key; the folder of keys holds keys only.`);
    }
  };
  await walk(folder);
  if (paths.length === 0)
    throw new OperatorError(`The folder of keys ${folder} is empty; a backup without keys opens nothing.`);
  const files = await Promise.all(
    paths.sort().map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      content: (await readFile(path)).toString('base64'),
    })),
  );
  return {
    archive: Readable.from([Buffer.from(JSON.stringify({ format: 'conclave-keys/1', files }))]),
    files: files.length,
  };
}

/** Writes the files of an archive into a folder that is empty or not there; answers their paths. */
export async function unpackKeys(archive: Readable, folder: string): Promise<string[]> {
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0) throw new OperatorError(`${folder} is not empty; keys are written only where none are.`);
  const { files } = archiveSchema.parse(JSON.parse(await text(archive)));
  const root = resolve(folder);
  for (const { path, content } of files) {
    const target = resolve(root, path);
    if (!target.startsWith(root + sep))
      throw new OperatorError('The archive of keys names a file outside of its folder.');
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, Buffer.from(content, 'base64'), { mode: 0o600, flag: 'wx' });
  }
  return files.map(({ path }) => path);
}
