import type { OutgoingBytes } from '../../objects/object-storage.js';
import type { StoreRequest } from './signed-client.js';

/** Bytes of one chunk. Stores hold one at a time; S3 takes none below 8 KiB but the last. */
const chunkBytes = 1024 * 1024;

const trailer = 'x-amz-checksum-crc32';

/** A CRC-32 as S3 writes it. */
export function encodedCrc32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString('base64');
}

const frame = (length: number): string => `${length.toString(16)}\r\n`;
const end = (sum: string): string => `0\r\n${trailer}:${sum}\r\n\r\n`;

function framedLength(length: number): number {
  const whole = Math.floor(length / chunkBytes);
  const rest = length % chunkBytes;
  const one = (bytes: number): number => frame(bytes).length + bytes + 2;
  return whole * one(chunkBytes) + (rest > 0 ? one(rest) : 0) + end(encodedCrc32(0)).length;
}

async function* framed(bytes: AsyncIterable<Uint8Array>, body: OutgoingBytes): AsyncGenerator<Uint8Array, void> {
  let left = body.length;
  let room = 0;
  let closes = '';
  for await (const given of bytes) {
    for (let at = 0; at < given.length;) {
      if (room === 0) {
        room = Math.min(chunkBytes, left);
        yield Buffer.from(closes + frame(room), 'latin1');
        closes = '\r\n';
      }
      const some = given.subarray(at, at + room);
      yield some;
      at += some.length;
      room -= some.length;
      left -= some.length;
    }
  }
  yield Buffer.from(closes + end(encodedCrc32(body.crc32())), 'latin1');
}

/**
 * A body with its CRC-32 behind it, for which nobody had to wait before the first byte left: the store compares, and refuses what
 * was damaged on its way. The payload stays unsigned.
 */
export const checksummed = (
  bytes: AsyncIterable<Uint8Array>,
  body: OutgoingBytes,
): Required<Pick<StoreRequest, 'headers' | 'body'>> => ({
  headers: {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': String(body.length),
    'x-amz-trailer': trailer,
  },
  body: { length: framedLength(body.length), bytes: framed(bytes, body) },
});

/** Says at the beginning of a write in parts that each will come with its CRC-32, and that the whole is to have one. */
export const partsChecksummed = { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' };
