import { gzipSync } from 'node:zlib';

/** A protobuf field of bytes: its number and its length in front. */
export function field(number: number, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body as string);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

/** A protobuf field of a number. */
export const numberField = (number: number, value: number): Buffer =>
  Buffer.concat([varint(number << 3), varint(value)]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return Buffer.from([...bytes, value]);
}

/** What LiveKit greets with. */
export const welcome = field(1);

/** A browser's request to join, as livekit-client packs it. */
export function joinRequest(request: Buffer, pack: 'gzip' | 'none' = 'gzip'): string {
  const wrapped = pack === 'gzip' ? Buffer.concat([numberField(1, 1), field(2, gzipSync(request))]) : field(2, request);
  return wrapped.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}

/** What it asks for where nothing special is meant: it names itself and what it subscribes to. */
export const ordinaryJoin = Buffer.concat([field(1, numberField(1, 1)), field(2, numberField(1, 1))]);
