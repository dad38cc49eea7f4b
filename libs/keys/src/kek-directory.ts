import { timingSafeEqual } from 'node:crypto';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '@conclave/platform';
import { KekRing } from './kek-ring.js';
import { kekVersionPattern, type KekConfig } from './kek-version.js';
import { KEY_LENGTH, Kek } from './secret-key.js';

/** The folder of KEKs cannot be used as it is. The message says what to do and never holds a byte of a key. */
export class KekDirectoryRefused extends OperatorError {
  override readonly name = 'KekDirectoryRefused';
}

const BASE64_OF_32 = /^[A-Za-z0-9+/]{43}=$/;

/** Reads every KEK of the folder and refuses the whole folder for the first fault. */
export async function loadKekDirectory({ KEK_DIR: directory, KEK_ACTIVE: active }: KekConfig): Promise<KekRing> {
  if (!kekVersionPattern.test(active))
    throw new KekDirectoryRefused(`KEK_ACTIVE must be a version such as v1, not "${active}".`);
  const versions = await listVersions(directory);
  if (!versions.includes(active)) {
    throw new KekDirectoryRefused(`KEK_ACTIVE is ${active}, but KEK_DIR (${directory}) has no file of that name.`);
  }
  const keks = new Map<string, Kek>();
  try {
    for (const version of versions) {
      const kek = await readKek(join(directory, version));
      const twin = [...keks].find(([, other]) => sameKey(other, kek))?.[0];
      keks.set(version, kek);
      if (twin !== undefined) {
        throw new KekDirectoryRefused(
          `KEK_DIR: ${twin} and ${version} hold the same key; make a new one for ${version}.`,
        );
      }
    }
    return new KekRing(keks, active);
  } catch (error) {
    for (const kek of keks.values()) kek.destroy();
    throw error;
  }
}

async function listVersions(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((cause: unknown) => {
    throw new KekDirectoryRefused(`KEK_DIR (${directory}) cannot be read.`, { cause });
  });
  // A mounted secret keeps its generations in names that start with a dot.
  const visible = names.filter((name) => !name.startsWith('.'));
  const foreign = visible.find((name) => !kekVersionPattern.test(name));
  if (foreign !== undefined) {
    throw new KekDirectoryRefused(`KEK_DIR (${directory}) holds "${foreign}"; only v1, v2 … may lie there.`);
  }
  return visible.sort((left, right) => Number(left.slice(1)) - Number(right.slice(1)));
}

async function readKek(path: string): Promise<Kek> {
  // The open file is checked, not the name: nobody can swap it between the look and the read.
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new KekDirectoryRefused(`The key file ${path} cannot be read.`, { cause });
  });
  const content = Buffer.alloc(128);
  try {
    const { mode, uid, size } = await file.stat();
    requirePrivate(path, mode, uid);
    const { bytesRead } = await file.read(content, 0, content.length, 0);
    const text = content.toString('latin1', 0, bytesRead).trim();
    if (size > content.length || !BASE64_OF_32.test(text)) {
      throw new KekDirectoryRefused(
        `The key file ${path} must hold exactly ${KEY_LENGTH} bytes in base64 (44 characters).`,
      );
    }
    const bytes = Buffer.from(text, 'base64');
    try {
      return new Kek(bytes);
    } finally {
      bytes.fill(0);
    }
  } finally {
    content.fill(0);
    await file.close();
  }
}

/**
 * The rule PostgreSQL has for its key: 0600 or less when the file is ours; when it is root's, its group may read it too
 * (that is how a mounted Kubernetes secret reaches a process without root). Anybody else's file is nobody's secret.
 */
function requirePrivate(path: string, mode: number, owner: number): void {
  const ours = owner === process.geteuid?.();
  if (!ours && owner !== 0) {
    throw new KekDirectoryRefused(
      `The key file ${path} belongs to somebody else (uid ${owner}); give it to the service's own user.`,
    );
  }
  if ((mode & (ours ? 0o077 : 0o027)) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, '0');
    throw new KekDirectoryRefused(`The key file ${path} has mode ${shown}; others may read it. Run: chmod 600 ${path}`);
  }
}

function sameKey(left: Kek, right: Kek): boolean {
  return left.use((one) => right.use((other) => timingSafeEqual(one, other)));
}
