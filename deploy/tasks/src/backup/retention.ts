import { listBackups, objectName, partName, readManifest } from './manifest.js';
import { readObjectList } from './objects.js';
import type { PartStore } from './store.js';

/** Keeps the newest backups; removes older ones, what never became one, and objects that none of the kept ones names. */
export async function applyRetention(store: PartStore, keep: number): Promise<{ backups: number; objects: number }> {
  const { whole, broken } = await listBackups(store);
  const kept = whole.slice(-keep);
  const newest = kept.at(-1);
  if (newest === undefined) return { backups: 0, objects: 0 };
  const gone = [...whole.slice(0, -keep), ...broken.filter((id) => id < newest)];
  for (const id of gone) await removeBackup(store, id);
  const needed = new Set<string>();
  for (const id of kept) {
    for (const { key } of await readObjectList(store, await readManifest(store, id))) needed.add(objectName(key));
  }
  let objects = 0;
  for await (const name of store.list('objects/')) {
    if (needed.has(name)) continue;
    await store.remove(name);
    objects += 1;
  }
  return { backups: gone.length, objects };
}

async function removeBackup(store: PartStore, id: string): Promise<void> {
  // The manifest first: what is half removed is no backup.
  await store.remove(partName(id, 'manifest.json'));
  for await (const name of store.list(partName(id, ''))) await store.remove(name);
}
