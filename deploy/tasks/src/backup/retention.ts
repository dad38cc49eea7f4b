import { listBackups, objectName, partName, readManifest } from './manifest.js';
import { readObjectList } from './objects.js';
import type { PartStore } from './store.js';

/** A run takes hours, never longer than this: what is unfinished for longer never became a backup. */
const longestRunMs = 24 * 3_600_000;
/** What files calls its objects: 24 random bytes. Whatever else lies there is not ours to throw away. */
const ours = /^objects\/[0-9a-f]{48}$/;

/** The run that cleans up. */
interface Run {
  readonly own: string;
  readonly now: Date;
}

/** What was removed; `waitsFor` names an unfinished run because of which objects were left alone. */
export interface Removed {
  readonly backups: number;
  readonly objects: number;
  readonly waitsFor?: string;
}

/**
 * Keeps the newest backups; removes older ones, what never became one, and objects that none of the kept ones names. A run
 * may go on beside this one: what it has written so far stays, and so do all objects, for it counts on them.
 */
export async function applyRetention(store: PartStore, keep: number, { own, now }: Run): Promise<Removed> {
  const { whole, broken } = await listBackups(store);
  const kept = whole.slice(-keep);
  if (!kept.includes(own)) return { backups: 0, objects: 0 };
  const given = (id: string): boolean => now.getTime() - startOf(id) > longestRunMs;
  const gone = [...whole.slice(0, -keep), ...broken.filter(given)];
  for (const id of gone) await removeBackup(store, id);
  const needed = new Set<string>();
  for (const id of kept) {
    for (const { key } of await readObjectList(store, await readManifest(store, id))) needed.add(objectName(key));
  }
  const spare: string[] = [];
  for await (const name of store.list(objectName(''))) if (ours.test(name) && !needed.has(name)) spare.push(name);
  // Looked at last: whoever begins later sees what is gone.
  const waitsFor = (await listBackups(store)).broken.find((id) => !given(id));
  if (waitsFor !== undefined) return { backups: gone.length, objects: 0, waitsFor };
  for (const name of spare) await store.remove(name);
  return { backups: gone.length, objects: spare.length };
}

const startOf = (id: string): number =>
  Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

async function removeBackup(store: PartStore, id: string): Promise<void> {
  // The manifest first: what is half removed is no backup.
  await store.remove(partName(id, 'manifest.json'));
  const names: string[] = [];
  for await (const name of store.list(partName(id, ''))) names.push(name);
  for (const name of names) await store.remove(name);
}
