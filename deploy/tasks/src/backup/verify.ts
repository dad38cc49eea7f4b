import { OperatorError } from '@conclave/platform';
import { DoesNotOpen, type Opener } from './age.js';
import { readCopyText } from './copy-text.js';
import { digestOf } from './digest.js';
import {
  listBackups,
  objectName,
  partName,
  readManifest,
  type BackedObject,
  type IndexedObject,
  type Manifest,
} from './manifest.js';
import { overAll, readObjectList } from './objects.js';
import { openPart, requireDigest, type Part } from './parts.js';
import type { Signers } from './signature.js';
import type { PartStore } from './store.js';

/** Which backup to look at, and with what. */
export interface VerifyOptions {
  readonly source: PartStore;
  /** The newest whole one where none is named. */
  readonly id?: string;
  readonly opener: Opener;
  /** Whose backups are believed; anybody's where it is left out. */
  readonly signers?: Signers;
  /** Where the archive of keys lies, when it lies apart; it is not looked at where this is left out. */
  readonly keysPlace?: PartStore;
  readonly say: (line: string) => void;
}

/**
 * Looks at every part of a backup: each is there and unchanged, each sealed one opens to its end and holds as many rows as
 * were written, and the objects are those that the sealed index names, byte for byte. Writes nothing.
 *
 * @throws OperatorError with the first thing that is wrong
 */
export async function verifyBackup(options: VerifyOptions): Promise<{ manifest: Manifest; objects: BackedObject[] }> {
  const { source, id, opener, signers, say } = options;
  const chosen = id ?? (await listBackups(source)).whole.at(-1);
  if (chosen === undefined) throw new OperatorError(`There is no finished backup in ${source.where}.`);
  const manifest = await readManifest(source, chosen, signers);
  say(
    signers
      ? `backup ${chosen} is signed by one of BACKUP_SIGNERS`
      : `who made backup ${chosen} was not asked (BACKUP_SIGNERS): whoever may write to ${source.where} can make one`,
  );
  const objects = await readObjectList(source, manifest);
  for (const [name, { tables }] of Object.entries(manifest.databases)) {
    for (const part of tables) {
      await requireDigest(source, part.name, part);
      const index = name === 'files' && part.table === 'file' ? new IndexedObjects(part.columns) : undefined;
      const rows = await readCopyText(await openPart(source, opener, part), index?.row);
      if (rows !== part.rows)
        throw new OperatorError(`${part.name} holds ${rows} rows where the manifest names ${part.rows}.`);
      index?.requireSame(objects, manifest);
    }
    say(`database ${name}: ${tables.length} tables open, ${tables.reduce((sum, { rows }) => sum + rows, 0)} rows`);
  }
  await overAll(objects, (object) => requireDigest(source, objectName(object.key), object));
  say(`objects: ${objects.length} are there, as the index names them; ${manifest.absent.length} are absent`);
  say(`keys: ${await lookAtKeys(manifest, options)}`);
  say(`backup ${manifest.id} of release ${manifest.release}: every part is there, unchanged, and opens`);
  return { manifest, objects };
}

/** The archive of keys may be sealed for others than the rest: then only that it is unchanged can be said. */
async function lookAtKeys({ id, keys }: Manifest, { source, keysPlace, opener }: VerifyOptions): Promise<string> {
  if (!keys) return 'none in this backup; without KEKs from elsewhere it opens nothing';
  const place = keys.where === 'here' ? source : keysPlace;
  if (!place) return 'lie apart and were not looked at';
  const part: Part = { ...keys, name: partName(id, 'keys.json.gz.age') };
  await requireDigest(place, part.name, part);
  const plain = await openPart(place, opener, part).catch((error: unknown) => {
    if (error instanceof DoesNotOpen) return null;
    throw error;
  });
  if (!plain) return `${keys.files} files, unchanged; sealed for another identity than this one`;
  await digestOf(plain);
  return `${keys.files} files, unchanged, and they open`;
}

/** The objects that a copy of the index names, held against the list beside it. */
class IndexedObjects {
  private readonly named = new Map<string, IndexedObject>();
  private readonly at: Readonly<Record<'status' | 'key' | 'bytes' | 'sha256' | 'crc32', number>>;

  constructor(columns: readonly string[]) {
    const place = (name: string): number => columns.indexOf(name);
    this.at = {
      status: place('status'),
      key: place('object_key'),
      bytes: place('object_length'),
      sha256: place('object_sha256'),
      // A backup of the release before has no such column.
      crc32: place('object_crc32'),
    };
  }

  readonly row = (values: readonly (string | null)[]): void => {
    if (values[this.at.status] !== 'available') return;
    const key = values[this.at.key] ?? '';
    // bytea comes as \x and hexadecimal digits.
    const sha256 = values[this.at.sha256]?.slice(2);
    const crc32 = values[this.at.crc32];
    this.named.set(key, {
      ...{ key, bytes: Number(values[this.at.bytes]) },
      ...(sha256 !== undefined && { sha256 }),
      ...(typeof crc32 === 'string' && { crc32: Number(crc32) }),
    });
  };

  requireSame(objects: readonly BackedObject[], { absent }: Manifest): void {
    const gone = new Set(absent);
    const listed = new Set(objects.map(({ key }) => key));
    const missing = [...this.named.keys()].find((key) => !gone.has(key) && !listed.has(key));
    if (missing !== undefined)
      throw new OperatorError(`The index in this backup names object ${missing}, which the backup does not list.`);
    const other = objects.find((object) => !isSame(object, this.named.get(object.key)));
    if (other)
      throw new OperatorError(`Object ${other.key} is listed otherwise than the index in this backup names it.`);
  }
}

/** A listed object is the one that the index names; what the index does not say, the list says alone. */
function isSame(listed: BackedObject, named: IndexedObject | undefined): boolean {
  if (named === undefined || named.bytes !== listed.bytes || named.crc32 !== listed.crc32) return false;
  return named.sha256 === undefined ? named.crc32 !== undefined : named.sha256 === listed.sha256;
}
