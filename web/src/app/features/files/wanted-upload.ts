import { fingerprint, type FileHandle } from '../../core/uploads/picked-file';

/** A file that is not shared yet, and what this page knows of it beyond what is shown. */
export interface Wanted {
  /** Makes every try count as the same one. */
  key: string;
  /** The upload at the server, once it has begun. */
  id: string | null;
  /** The server was asked to begin, and nobody knows what it said: there may be a place. */
  asked: boolean;
  file: File | null;
  handle: FileHandle | null;
  print: string | null;
  /** Takes it from another tab when it starts. */
  steals: boolean;
}

/** A file that nobody has begun to send. */
export const wantedFrom = (file: File, handle: FileHandle | null): Wanted => ({
  key: crypto.randomUUID(),
  id: null,
  asked: false,
  file,
  handle,
  print: null,
  steals: false,
});

/** Whether this is not the file that the upload began with. */
export async function isOther(
  file: File,
  { print, key }: Pick<Wanted, 'print' | 'key'>,
  { size, name }: { readonly size: number; readonly name: string },
): Promise<boolean> {
  if (size > 0 && file.size !== size) return true;
  // Begun on another device: its name is all that there is.
  if (print === null) return !name.normalize('NFC').endsWith(file.name.normalize('NFC').trim());
  return (await fingerprint(file, key).catch(() => '')) !== print;
}
