import { unfinishedUploads } from '@conclave/testing';
import type { FilesWorld } from './files-world.js';

/** What is left of files in the bucket, the index and the key tables. */
export interface Remains {
  readonly objects: string[];
  readonly unfinished: string[];
  readonly rows: { readonly id: string; readonly status: string; readonly object_key: string }[];
  readonly keys: string[];
  readonly usage: number;
}

/** Looks at everything with rights that the service itself does not have. */
export async function remainsOf(world: FilesWorld, roomId: string): Promise<Remains> {
  const owner = await world.database.connect('superuser');
  const rows = await owner.query<Remains['rows'][number]>(
    'select id, status, object_key from file where room_id = $1 order by id',
    [roomId],
  );
  const keys = await owner.query<{ file_id: string }>('select file_id from keys.file_key where room_id = $1', [roomId]);
  const usage = await owner.query<{ bytes: string }>('select bytes from room_usage where room_id = $1', [roomId]);
  const { root, bucket } = world.bucket;
  const objects: string[] = [];
  for await (const item of root.listObjectsV2(bucket, '', true)) objects.push((item as { name: string }).name);
  const unfinished: string[] = [];
  for (const { object_key } of rows.rows) unfinished.push(...(await unfinishedUploads(root, bucket, object_key)));
  const mine = new Set(rows.rows.map((row) => row.object_key));
  return {
    objects: objects.filter((key) => mine.has(key)),
    unfinished,
    rows: rows.rows,
    keys: keys.rows.map((row) => row.file_id),
    usage: Number(usage.rows[0]?.bytes ?? 0),
  };
}

/** Waits until something is so. */
export async function until<T>(look: () => Promise<T> | T, holds: (seen: T) => boolean, withinMs = 40_000): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`still not so: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
