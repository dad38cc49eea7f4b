import { createHash } from 'node:crypto';
import { baseUrl, type Answer, type Caller } from './api.js';

/** A room as its owner got it. */
export interface Room {
  readonly id: string;
  readonly slug: string;
  readonly accessCode: string;
}

/** A file of a room. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly status: string;
}

/** A refusal. */
export interface Problem {
  readonly reason: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** SHA-256 in hexadecimal digits. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Makes a room through the API. */
export async function openRoom(owner: Caller, facts: object = {}): Promise<Room> {
  const { status, body } = await owner.call<Room>('POST', '/rooms', { name: 'Board review', ...facts });
  if (status !== 201) throw new Error(`a room answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Invites somebody by address; the link that proves it. */
export async function inviteAddress(owner: Caller, slug: string, email: string): Promise<string> {
  const { status, body } = await owner.call<{ link: string }>('POST', `/rooms/${slug}/invitations`, { email });
  if (status !== 201) throw new Error(`an invitation answered ${status}: ${JSON.stringify(body)}`);
  return body.link;
}

/** Opens an invitation's link, as its page does. */
export const openLink = (guest: Caller, link: string): Promise<Answer<{ slug: string }>> =>
  guest.call('POST', '/invitations/accept', { token: new URL(link).hash.slice(1) });

/** Invites a person by address, and they open the link that they were sent, as people do. */
export async function invite(owner: Caller, slug: string, guest: Caller): Promise<void> {
  const { status, body } = await openLink(guest, await inviteAddress(owner, slug, guest.email));
  if (status !== 200) throw new Error(`the link of an invitation answered ${status}: ${JSON.stringify(body)}`);
}

/** A file name as X-File-Name wants it. */
export const fileName = (name: string): string => `UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`;

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** Shares bytes in a room. */
export const upload = (
  caller: Caller,
  slug: string,
  name: string,
  bytes: Uint8Array,
  type = 'application/octet-stream',
): Promise<Answer<StoredFile>> =>
  caller.call<StoredFile>('POST', `/rooms/${slug}/files`, bytes, {
    'content-type': type,
    'x-file-name': fileName(name),
  });

/** Asks for the bytes of a file. */
export const download = (
  caller: Caller,
  slug: string,
  id: string,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${baseUrl()}/api/v1/rooms/${slug}/files/${id}/content`, { headers: { cookie: caller.cookie, ...headers } });

/** The files that the room shows to this person. */
export async function listed(caller: Caller, slug: string): Promise<readonly StoredFile[]> {
  const { body } = await caller.call<{ items?: StoredFile[] }>('GET', `/rooms/${slug}/files`);
  return body.items ?? [];
}
