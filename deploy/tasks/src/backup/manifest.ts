import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { OperatorError } from '@conclave/platform';
import { z } from 'zod';
import { databaseNames } from './databases.js';
import type { Sums } from './digest.js';
import type { Signer, Signers } from './signature.js';
import type { PartStore } from './store.js';

const part = z.object({ name: z.string(), bytes: z.number(), sha256: z.string() });

const manifestSchema = z.object({
  format: z.literal('conclave-backup/1'),
  id: z.string(),
  /** The release whose tasks wrote it. */
  release: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** Sealed archive of keys and passwords; null where none was asked for. */
  keys: part.extend({ files: z.number(), where: z.string() }).nullable(),
  databases: z.record(
    z.enum(databaseNames),
    z.object({
      role: z.string(),
      serverVersion: z.string(),
      migrations: z.array(z.string()),
      tables: z.array(part.extend({ table: z.string(), columns: z.array(z.string()), rows: z.number() })),
      sequences: z.array(z.object({ name: z.string(), value: z.string(), called: z.boolean() })),
    }),
  ),
  /** The list of objects, and what they amount to. */
  objects: part.extend({ count: z.number(), totalBytes: z.number() }),
  /** Objects that the index names and that are not in this backup: lost in the bucket, or deleted while it was made. */
  absent: z.array(z.string()).default([]),
  /** What the store could not give; empty in a sound backup. */
  problems: z.array(z.string()),
});

/** What a backup consists of. It is written last: a backup without one never was. */
export type Manifest = z.output<typeof manifestSchema>;

/** One sealed object of the bucket, as the index names it: by CRC-32, or in rows of the release before by SHA-256. */
export interface IndexedObject extends Partial<Omit<Sums, 'bytes'>> {
  readonly key: string;
  readonly bytes: number;
}

/** One sealed object in a backup, which has hashed what it copied. */
export interface BackedObject extends IndexedObject {
  readonly sha256: string;
}

const folder = 'backups/';
export const partName = (id: string, name: string): string => `${folder}${id}/${name}`;
export const manifestName = (id: string): string => partName(id, 'manifest.json');
const signatureName = (id: string): string => partName(id, 'manifest.sig');
const signatureSchema = z.object({ signer: z.string(), signature: z.string() });
/** Objects never change, so all backups share one copy of each. */
export const objectName = (key: string): string => `objects/${key}`;

/** All backups of a place: those that are whole, and those that never were. Oldest first. */
export async function listBackups(store: PartStore): Promise<{ whole: string[]; broken: string[] }> {
  const ids = new Map<string, boolean>();
  for await (const name of store.list(folder)) {
    const [id = '', ...rest] = name.slice(folder.length).split('/');
    if (/^\d{8}T\d{6}Z$/.test(id)) ids.set(id, (ids.get(id) ?? false) || rest.join('/') === 'manifest.json');
  }
  const sorted = [...ids].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    whole: sorted.filter(([, whole]) => whole).map(([id]) => id),
    broken: sorted.filter(([, whole]) => !whole).map(([id]) => id),
  };
}

/**
 * Reads what a backup consists of.
 *
 * @param signers whose backups are believed; anybody's where it is left out
 * @throws OperatorError where there is none, none that can be read, or none that one of the signers signed
 */
export async function readManifest(store: PartStore, id: string, signers?: Signers): Promise<Manifest> {
  if ((await store.size(manifestName(id))) === null)
    throw new OperatorError(
      `There is no backup ${id} in ${store.where}; one without manifest.json was never finished.`,
    );
  const bytes = await buffer(await store.get(manifestName(id)));
  if (signers && !(await signedBy(signers, bytes, store, id)))
    throw new OperatorError(
      `Backup ${id} in ${store.where} is not signed by any of BACKUP_SIGNERS: somebody else made it, or changed it.`,
    );
  try {
    const manifest = manifestSchema.parse(JSON.parse(bytes.toString()));
    // One copy put in the place of another is none.
    if (manifest.id !== id) throw new Error('it names another backup');
    return manifest;
  } catch (cause) {
    throw new OperatorError(
      `The manifest of backup ${id} cannot be read; it was changed, or a newer release wrote it.`,
      {
        cause,
      },
    );
  }
}

async function signedBy(signers: Signers, manifest: Buffer, store: PartStore, id: string): Promise<boolean> {
  if ((await store.size(signatureName(id))) === null) return false;
  const written = await text(await store.get(signatureName(id)));
  try {
    return signers.signed(manifest, signatureSchema.parse(JSON.parse(written)));
  } catch {
    return false;
  }
}

/** Writes the manifest, and before it its signature, so that a backup which is whole is signed. */
export async function writeManifest(store: PartStore, manifest: Manifest, signer?: Signer): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  if (signer) {
    const signature = Buffer.from(`${JSON.stringify(signer.sign(bytes))}\n`);
    await store.put(signatureName(manifest.id), Readable.from([signature]), signature.length);
  }
  await store.put(manifestName(manifest.id), Readable.from([bytes]), bytes.length);
}
