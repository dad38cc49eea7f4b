/** A file's place on this device, where the browser gives one out: it can be kept, and opened again after a reload. */
export interface FileHandle extends FileSystemFileHandle {
  queryPermission?(wish: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(wish: { mode: 'read' }): Promise<PermissionState>;
}

/** One upload that is not whole yet, as this device keeps it. */
export interface KeptUpload {
  /** Of every try of this file. */
  readonly key: string;
  readonly userId: string;
  readonly slug: string;
  /** The upload's id at the server, once it has one. */
  readonly id: string | null;
  /** In the room, with its folder; only where the handle is kept, which knows it too. */
  readonly name: string | null;
  readonly handle: FileHandle | null;
  readonly print: string | null;
  /** Its place in the queue. */
  readonly order: number;
  /** The person has paused it. */
  readonly paused: boolean;
  readonly keptAt: number;
}

type Work<T> = (
  all: () => Promise<KeptUpload[]>,
  remove: (key: string) => void,
  put: (row: KeptUpload) => void,
) => Promise<T>;

const NAME = 'conclave.uploads';
const STORE = 'uploads';

/** Does something with what is kept, in one transaction. Undefined where this browser keeps nothing: then an upload lives as long as its page. */
export async function keptFor<T>(work: Work<T>): Promise<T | undefined> {
  try {
    const database = await openDatabase();
    try {
      const transaction = database.transaction(STORE, 'readwrite');
      const store = transaction.objectStore(STORE);
      const ended = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
      });
      const result = await work(
        () => answer<KeptUpload[]>(store.getAll()),
        (key) => void store.delete(key),
        (row) => void store.put(row),
      );
      await ended;
      return result;
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/** As long as the server keeps what is not whole. */
const KEPT_MS = 24 * 3_600_000;

/** Takes away everything, but for what one person began within a day. */
export async function dropKeptUploads(but?: { readonly userId: string; readonly now: number }): Promise<void> {
  try {
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === NAME)) return;
  } catch {
    // Where nothing can be kept, there is nothing to take away.
    return;
  }
  await keptFor(async (all, remove) => {
    for (const { key, userId, keptAt } of await all())
      if (userId !== but?.userId || Math.abs(but.now - keptAt) > KEPT_MS) remove(key);
  });
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' });
  return answer(opening);
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException('failed', 'UnknownError'));
  });
