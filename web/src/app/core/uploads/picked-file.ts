import type { FileHandle } from '../device/kept-rows';

export type { FileHandle } from '../device/kept-rows';

/** A file that somebody wants to share, under the name that it gets in the room. */
export interface PickedFile {
  readonly file: File;
  readonly name: string;
  readonly handle: FileHandle | null;
}

export const pickedFile = (file: File, handle: FileHandle | null = null): PickedFile => ({
  file,
  name: file.name,
  handle,
});

/** The file behind a handle, or null where the person has to say yes first, or it is gone. `ask` needs a click. */
export async function openHandle(handle: FileHandle, ask: boolean): Promise<File | 'asks' | null> {
  try {
    let state = (await handle.queryPermission?.({ mode: 'read' })) ?? 'granted';
    if (state === 'prompt' && ask) state = (await handle.requestPermission?.({ mode: 'read' })) ?? state;
    if (state === 'prompt') return 'asks';
    return state === 'granted' ? await handle.getFile() : null;
  } catch {
    return null;
  }
}

const SAMPLE_BYTES = 64 * 1024;
/** The first, the last, and some between: enough to tell a file from another, little enough to read at once. */
const SAMPLES = 16;
/** What is no larger is told by all of its bytes. A phone gives the same photo another name and time whenever it is chosen. */
const WHOLE_BYTES = 16 * 1024 * 1024;

/**
 * What tells this file from another on this device, hashed with a word of its own, so that what is kept says nothing about the file:
 * all bytes of a small one; of a large one name, size, time and samples. @throws where the file cannot be read
 */
export async function fingerprint(file: File, salt: string): Promise<string> {
  const whole = file.size <= WHOLE_BYTES;
  const facts = whole ? [salt, file.size] : [salt, file.name, file.size, file.lastModified];
  const parts: BlobPart[] = [new TextEncoder().encode(JSON.stringify(facts)), ...(whole ? [file] : samplesOf(file))];
  const digest = await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function samplesOf(file: File): readonly Blob[] {
  const last = file.size - SAMPLE_BYTES;
  return Array.from({ length: SAMPLES }, (_, sample) => {
    const at = Math.floor((last * sample) / (SAMPLES - 1));
    return file.slice(at, at + SAMPLE_BYTES);
  });
}
