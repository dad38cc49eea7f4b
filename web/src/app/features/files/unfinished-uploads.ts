import type { Upload } from '../../core/api/api';
import type { Uploads } from '../../core/api/upload';
import type { KeptUpload, KeptUploads } from '../../core/uploads/kept-uploads';
import { openHandle } from '../../core/uploads/picked-file';
import { isSent } from '../../core/uploads/upload-locks';
import type { NewRow } from './upload-list';
import { blankView } from './upload-view';
import { isOther } from './wanted-upload';

/**
 * What the server has of us, or this device remembers, and this page does not know: of before a reload, of another tab, of another
 * device. In the order in which it was added. What has ended is forgotten here too.
 * @param known ids and keys of what this page has
 * @param held files that this page can read, by the upload's id
 */
export async function unfinishedUploads(
  uploads: Uploads,
  kept: KeptUploads,
  slug: string,
  known: ReadonlySet<string>,
  held: ReadonlyMap<string, File> = new Map(),
): Promise<readonly NewRow[]> {
  const [listed, rows] = await Promise.all([uploads.list(slug).catch(() => null), kept.of(slug)]);
  if (listed === null) return [];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const pairs: [Upload | null, KeptUpload | undefined][] = [];
  // The oldest first; the server tells the newest first.
  for (const one of listed.toReversed()) if (!known.has(one.id)) pairs.push([one, byId.get(one.id)]);
  for (const row of rows) if (row.id === null && !known.has(row.key)) pairs.push([null, row]);
  pairs.sort(([, a], [, b]) => (a?.order ?? 0) - (b?.order ?? 0));
  const found = await Promise.all(pairs.map(([one, row]) => recalled(one, row, held.get(one?.id ?? ''))));

  const alive = new Set(listed.map(({ id }) => id));
  const ended = rows.filter(({ id }) => id !== null && !alive.has(id) && !known.has(id));
  const lost = pairs.flatMap(([, row], at) => (found[at] === null && row ? [row] : []));
  if (ended.length + lost.length > 0) void kept.forget([...ended, ...lost].map(({ key }) => key));
  return found.filter((one) => one !== null);
}

async function recalled(
  one: Upload | null,
  row: KeptUpload | undefined,
  held: File | undefined,
): Promise<NewRow | null> {
  const handle = row?.handle ?? null;
  const opened = held ?? (handle ? await openHandle(handle, false) : null);
  const file = opened instanceof File ? opened : null;
  // Not begun, and its file is gone: there is nothing to go on with.
  if (one === null && opened === null) return null;
  const view = blankView(one?.name ?? row?.name ?? '', one?.size ?? file?.size ?? 0);
  const [key, print] = [row?.key ?? crypto.randomUUID(), row?.print ?? null];
  const other = file !== null && (print !== null || one !== null) && (await isOther(file, { key, print }, view));
  const asks = file === null || other;
  const state = asks ? 'asks' : row?.paused ? 'paused' : 'waiting';
  const ask = other ? 'other-file' : opened === 'asks' ? 'permission' : 'file';
  const elsewhere = one !== null && (await isSent(one.id));
  return {
    view: { ...view, sent: one?.offset ?? 0, state: elsewhere ? 'elsewhere' : state, ask: asks ? ask : null },
    wanted: { key, id: one?.id ?? null, asked: false, file: other ? null : file, handle, print, steals: false },
  };
}
