import { gunzipSync } from 'node:zlib';
import { invalidArgument } from '@conclave/errors';
import { wireFields, type WireField } from './protobuf-fields.js';

const mostBytes = 64 * 1024;
const name = 'join_request';

/** WrappedJoinRequest of livekit_rtc.proto. */
const wrapped = { compression: 1, joinRequest: 2 } as const;
const gzip = 1;

/** Of JoinRequest: what livekit-client says. Metadata, attributes and tracks of its own are the admission's to say. */
const asked: ReadonlySet<number> = new Set([
  1, // client_info
  2, // connection_settings
  6, // publisher_offer
  7, // reconnect
  8, // reconnect_reason
  9, // participant_sid
  10, // sync_state
]);

/**
 * The request by which a browser joins, as it goes on: unpacked, each field known and there once, and packed anew, so that the media
 * server reads exactly what was looked at.
 *
 * @throws DomainError INVALID_ARGUMENT
 */
export function checkedJoinRequest(text: string): string {
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(text)) throw invalidArgument(name);
  const outer = once(Buffer.from(text, 'base64url'));
  const bytes = outer.get(wrapped.joinRequest);
  const compression = outer.get(wrapped.compression) ?? 0;
  const known = outer.size === (outer.has(wrapped.compression) ? 2 : 1);
  if (!(bytes instanceof Buffer) || !known || (compression !== 0 && compression !== gzip)) throw invalidArgument(name);
  const request = compression === gzip ? unpacked(bytes) : bytes;
  if (request.length > mostBytes) throw invalidArgument(name);
  for (const number of once(request).keys()) if (!asked.has(number)) throw invalidArgument(name);
  // Go's URLEncoding wants the padding that base64url leaves out.
  const packed = Buffer.concat([head(request.length), request]).toString('base64url');
  return packed.padEnd(Math.ceil(packed.length / 4) * 4, '=');
}

/** The fields of a message, each of which is there once: of two, another reader might take the other. */
function once(bytes: Buffer): ReadonlyMap<number, WireField['value']> {
  const fields = wireFields(bytes);
  const byNumber = new Map(fields?.map(({ number, value }) => [number, value]));
  if (!fields || byNumber.size !== fields.length) throw invalidArgument(name);
  return byNumber;
}

function unpacked(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch {
    throw invalidArgument(name);
  }
}

/** The tag of `join_request` and its length. */
function head(length: number): Buffer {
  const head = [(wrapped.joinRequest << 3) | 2];
  let rest = length;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) head.push((rest % 128) | 0x80);
  return Buffer.from([...head, rest]);
}
