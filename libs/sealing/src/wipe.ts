/** Overwrites a whole buffer; one that was given away to another thread is not ours to wipe any more, and empty. */
export function wipe(buffer: ArrayBufferLike): void {
  if (buffer.byteLength > 0) new Uint8Array(buffer).fill(0);
}
