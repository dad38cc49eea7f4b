import { pickedFile, type FileHandle, type PickedFile } from '../../core/uploads/picked-file';

/** More than this at once is a mistake of the hand, or a disk. */
export const MOST_AT_ONCE = 1_000;

const LONGEST_NAME = 255;
/** Between a folder and what is in it. A slash would be taken for a path, and is replaced at the server; this one is kept by everybody. */
const WITHIN = ' › ';
/** What systems leave in folders for themselves. */
const LEFTOVER = /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*)$/i;

type AnyHandle = FileHandle | FileSystemDirectoryHandle;

interface HandleItem {
  getAsFileSystemHandle?(): Promise<AnyHandle | null>;
}

/** A name that says where the file lay: `reports › 2026 › plan.pdf`. Too long, it loses its outer folders first. */
export function nameWithin(folders: readonly string[], name: string): string {
  let kept = folders;
  const whole = () => [...kept, name].join(WITHIN);
  while (kept.length > 0 && [...whole()].length > LONGEST_NAME) kept = kept.slice(1);
  return whole();
}

/**
 * Everything that was dropped, folders with all that is in them. Handles where the browser gives them: they outlast a reload.
 * Call it within the event: afterwards the browser has forgotten what was dropped.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly PickedFile[]> {
  // The items know more, but only until this turn is over: everything is asked for at once.
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const plain = [...transfer.files];
  const sources = items.map((item) => ({
    handle: askHandle(item as HandleItem),
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  if (sources.length === 0) return plain.map((file) => pickedFile(file));
  const found: PickedFile[] = [];
  for (const { handle, entry, file } of sources) {
    const opened = await handle;
    if (opened) await readHandle(opened, [], found);
    else if (entry) await readEntry(entry, [], found);
    else if (file) found.push(pickedFile(file));
  }
  return found.slice(0, MOST_AT_ONCE);
}

/** Of a chooser for folders, which tells paths in its own way. */
export function chosenFiles(files: Iterable<File>): readonly PickedFile[] {
  const found = [...files].flatMap((file) => {
    const folders = file.webkitRelativePath.split('/').slice(0, -1);
    if (folders.length > 0 && LEFTOVER.test(file.name)) return [];
    return [{ file, name: nameWithin(folders, file.name), handle: null }];
  });
  return found.slice(0, MOST_AT_ONCE);
}

function askHandle(item: HandleItem): Promise<AnyHandle | null> {
  return item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null);
}

const isDirectory = (handle: AnyHandle | FileSystemHandle): handle is FileSystemDirectoryHandle =>
  handle.kind === 'directory';

async function readHandle(handle: AnyHandle, folders: readonly string[], into: PickedFile[]): Promise<void> {
  if (into.length >= MOST_AT_ONCE) return;
  if (isDirectory(handle)) {
    for await (const inner of handle.values()) await readHandle(inner, [...folders, handle.name], into);
    return;
  }
  if (folders.length > 0 && LEFTOVER.test(handle.name)) return;
  const file = await handle.getFile().catch(() => null);
  if (file) into.push({ file, name: nameWithin(folders, file.name), handle });
}

async function readEntry(entry: FileSystemEntry, folders: readonly string[], into: PickedFile[]): Promise<void> {
  if (into.length >= MOST_AT_ONCE) return;
  if (entry.isDirectory) {
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    // A reader gives a hundred at a time, and nothing when it has given all.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
      if (some.length === 0) return;
      for (const inner of some) await readEntry(inner, [...folders, entry.name], into);
    }
  }
  if (folders.length > 0 && LEFTOVER.test(entry.name)) return;
  const file = await new Promise<File | null>((resolve) =>
    (entry as FileSystemFileEntry).file(resolve, () => resolve(null)),
  );
  if (file) into.push({ file, name: nameWithin(folders, file.name), handle: null });
}

type OpenPicker = (options: { multiple: boolean }) => Promise<readonly FileHandle[]>;

/** Whether files can be chosen so that they outlast a reload. */
export const canPickHandles = (): boolean => 'showOpenFilePicker' in globalThis;

/** The browser's own chooser, with handles. Empty where somebody closes it. */
export async function pickFiles(multiple: boolean): Promise<readonly PickedFile[]> {
  const pick = (globalThis as unknown as { showOpenFilePicker?: OpenPicker }).showOpenFilePicker;
  try {
    const handles = (await pick?.({ multiple })) ?? [];
    return await Promise.all(handles.map(async (handle) => pickedFile(await handle.getFile(), handle)));
  } catch {
    return [];
  }
}
