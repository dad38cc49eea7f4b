import { invalidArgument } from '@conclave/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpRefusal } from '../../http/problem.js';

/** The version of tus (https://tus.io/protocols/resumable-upload) that is spoken here, and its extensions. */
export const tus = { version: '1.0.0', extensions: 'creation,creation-with-upload,termination,expiration' } as const;

/** What the body of an upload is called. */
export const offsetStream = 'application/offset+octet-stream';

const longestMetadata = 8192;
const longestName = 255;
const longestType = 255;

/** Every answer says the version, also a refusal. Who asks for another one is refused; who says none means it. @throws HttpRefusal 412 */
export function speakTus(request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('tus-resumable', tus.version);
  if ((request.headers['tus-resumable'] ?? tus.version) === tus.version) return;
  void reply.header('tus-version', tus.version);
  throw new HttpRefusal(412, 'INVALID_ARGUMENT', { field: 'Tus-Resumable' });
}

/** Where an upload is, and until when. */
export function sayProgress(reply: FastifyReply, offset: number, expiresAt: Date | undefined): void {
  void reply.headers({ 'upload-offset': String(offset), 'cache-control': 'no-store' });
  if (expiresAt) void reply.header('upload-expires', expiresAt.toUTCString());
}

/**
 * Name and type in an Upload-Metadata header: pairs of a key and base64, as tus-js-client and Uppy send them. What a name may hold,
 * the file service decides; here it must be well-formed UTF-8 of 1 to 255 code points.
 *
 * @throws DomainError INVALID_ARGUMENT, field Upload-Metadata
 */
export function decodeMetadata(header: string | string[] | undefined): { name: string; type: string } {
  if (typeof header !== 'string' || header.length > longestMetadata) throw refused();
  const pairs = new Map<string, string>();
  for (const pair of header.split(',')) {
    const [key = '', value = '', ...more] = pair.trim().split(' ');
    if (key === '' || more.length > 0 || pairs.has(key)) throw refused();
    pairs.set(key, value);
  }
  const name = textOf(pairs.get('filename') ?? pairs.get('name'));
  const type = textOf(pairs.get('filetype') ?? pairs.get('type'));
  if (name === '' || name.includes('\0') || [...name].length > longestName) throw refused();
  if (type.length > longestType || !/^[\x20-\x7e]*$/.test(type)) throw refused();
  return { name, type };
}

function textOf(value = ''): string {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw refused();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, 'base64'));
  } catch {
    throw refused();
  }
}

const refused = (): Error => invalidArgument('Upload-Metadata');
