import { OperatorError, parseConfig, secret } from '@conclave/platform';
import { z } from 'zod';
import { Opener } from './backup/age.js';
import { unpackKeys } from './backup/keys-archive.js';
import { listBackups, partName, readManifest } from './backup/manifest.js';
import { openPart, requireDigest } from './backup/parts.js';
import { placeFrom, signersFrom } from './backup/settings.js';
import { FolderStore } from './backup/store.js';
import { runTask } from './run-task.js';

/** Writes the keys of a backup into an empty folder, one file each, as they lay in BACKUP_KEYS_DIR. */
await runTask(async () => {
  const { env } = process;
  const config = parseConfig(
    z.object({
      BACKUP_IDENTITY: secret(),
      BACKUP_ID: z.string().optional(),
      BACKUP_KEYS_FOLDER: z.string().min(1).optional(),
      RESTORE_KEYS_DIR: z.string().min(1),
    }),
    env,
  );
  const source = placeFrom(env);
  const id = config.BACKUP_ID ?? (await listBackups(source)).whole.at(-1);
  if (id === undefined) throw new OperatorError(`There is no finished backup in ${source.where}.`);
  const { keys } = await readManifest(source, id, signersFrom(env));
  if (!keys) throw new OperatorError(`Backup ${id} holds no keys: it was made without BACKUP_KEYS_DIR.`);
  if (keys.where === 'apart' && !config.BACKUP_KEYS_FOLDER)
    throw new OperatorError('The keys of this backup lie apart from it: name their folder in BACKUP_KEYS_FOLDER.');
  const place = config.BACKUP_KEYS_FOLDER ? new FolderStore(config.BACKUP_KEYS_FOLDER) : source;
  const part = { ...keys, name: partName(id, 'keys.json.gz.age') };
  await requireDigest(place, part.name, part);
  const archive = await openPart(place, new Opener(config.BACKUP_IDENTITY), part);
  const paths = await unpackKeys(archive, config.RESTORE_KEYS_DIR);
  for (const path of paths) process.stdout.write(`${path}\n`);
});
