import { OperatorError } from '@conclave/platform';
import type { Sealer } from './age.js';
import { databaseNames, type DatabaseName, type Databases } from './databases.js';
import { dumpDatabase, Snapshot } from './dump.js';
import { packKeys } from './keys-archive.js';
import { listBackups, partName, writeManifest, type Manifest } from './manifest.js';
import { copyObjects, earlierObjects, putObjectList } from './objects.js';
import { putSealed } from './parts.js';
import { requireUsable } from './place.js';
import { applyRetention } from './retention.js';
import type { Signer } from './signature.js';
import type { PartStore } from './store.js';

/** What to back up, and where to. */
export interface BackupOptions {
  readonly release: string;
  readonly databases: Databases;
  readonly bucket: PartStore;
  readonly destination: PartStore;
  readonly sealer: Sealer;
  /** Left out where nobody asks who made a backup. */
  readonly signer?: Signer;
  /** Left out where keys are kept by other means. */
  readonly keys?: { readonly folder: string; readonly destination: PartStore; readonly sealer: Sealer };
  /** How many backups to keep. */
  readonly keep: number;
  readonly say: (line: string) => void;
  readonly now?: () => Date;
}

/**
 * Keys first, then the databases in one moment, then the objects: whatever an index names was sealed under a key that is
 * in the same backup. The manifest comes last and makes it one. A run that is killed is simply run again: objects that are
 * there are not copied twice.
 */
export async function backUp(options: BackupOptions): Promise<Manifest> {
  const { destination, sealer, databases, say, now = () => new Date() } = options;
  const startedAt = now();
  const id = startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  const { whole, broken } = await listBackups(destination);
  if ([...whole, ...broken].includes(id)) throw new OperatorError(`Backup ${id} is there already; wait a second.`);
  await requireUsable(destination, options.bucket, id);

  const keys = await backUpKeys(options, id);
  if (keys) say(`keys: ${keys.files} files sealed`);

  const snapshot = await Snapshot.open(databases);
  const dumps: Partial<Record<DatabaseName, Manifest['databases'][DatabaseName]>> = {};
  let objects;
  try {
    objects = await snapshot.objects();
    for (const name of databaseNames) {
      const dump = await dumpDatabase(snapshot, name, id, destination, sealer);
      dumps[name] = dump;
      say(
        `database ${name}: ${dump.tables.reduce((sum, { rows }) => sum + rows, 0)} rows of ${dump.tables.length} tables`,
      );
    }
  } finally {
    await snapshot.close();
  }

  const earlier = await earlierObjects(destination, whole.at(-1), options.signer);
  const found = await copyObjects(objects, options.bucket, destination, { databases, earlier });
  const { copied, known, there, absent, problems } = found;
  say(`objects: ${copied} copied, ${known} there already`);
  const manifest: Manifest = {
    format: 'conclave-backup/1',
    id,
    release: options.release,
    startedAt: startedAt.toISOString(),
    finishedAt: now().toISOString(),
    keys,
    databases: dumps as Manifest['databases'],
    objects: await putObjectList(destination, id, there),
    absent: [...absent],
    problems: [...problems],
  };
  await writeManifest(destination, manifest, options.signer);
  const removed = await applyRetention(destination, options.keep, { own: id, now: now() }).catch((cause: unknown) => {
    const why = cause instanceof OperatorError ? ` ${cause.message}` : '';
    throw new OperatorError(`Backup ${id} is whole, but what is too old could not be removed.${why}`, { cause });
  });
  say(`kept the newest ${options.keep}; ${removed.backups} older backups and ${removed.objects} objects removed`);
  if (removed.waitsFor) say(`objects stay for now: backup ${removed.waitsFor} is being made, or broke off today`);
  return manifest;
}

async function backUpKeys({ keys, destination }: BackupOptions, id: string): Promise<Manifest['keys']> {
  if (!keys) return null;
  const { archive, files } = await packKeys(keys.folder);
  const part = await putSealed(keys.destination, keys.sealer, partName(id, 'keys.json.gz.age'), archive);
  return { ...part, files, where: keys.destination === destination ? 'here' : 'apart' };
}
