import type { Dek } from '@conclave/keys';
import type { FileIdentity, Manifest, Suite } from '@conclave/sealing';
import { openText, sealText, type Checkpoint } from '@conclave/sealing/node';
import type { SealedFacts } from '../file/file-record.js';

const label = 'svc-upload/1';

/** Bytes behind the last whole part, as an object of their own: sealed under the file's key and an id that no file has. */
export interface Piece {
  readonly id: string;
  readonly key: string;
  readonly header: Uint8Array;
  readonly manifest: Manifest;
}

/** Where an upload stands, as far as only its key may know. */
export interface UploadState {
  /** Behind the last part that is stored; none before the first. */
  readonly sealing?: { readonly header: Uint8Array; readonly checkpoint: Checkpoint };
  readonly pieces: readonly Piece[];
  /** Once every part is stored. */
  readonly facts?: SealedFacts;
}

/** Sealed under the file's own key and bound to its row: whoever can write rows can neither read it nor make one up. */
export const sealState = (suite: Suite, dek: Dek, identity: FileIdentity, state: UploadState): Buffer =>
  dek.use((key) => sealText(suite, key, label, placeOf(identity), JSON.stringify(state, writeBytes)));

/** Opens it again; FILE_INTEGRITY when it is not what was sealed. */
export function openState(dek: Dek, identity: FileIdentity, sealed: Uint8Array | null): UploadState {
  if (!sealed) return { pieces: [] };
  const text = dek.use((key) => openText(key, label, placeOf(identity), sealed));
  return JSON.parse(text, readBytes) as UploadState;
}

const placeOf = ({ roomId, fileId }: FileIdentity): Buffer => Buffer.from(`${roomId}/${fileId}`);

/** `this` has the value as it is; what comes has been through `toJSON`. */
function writeBytes(this: Record<string, unknown>, name: string, value: unknown): unknown {
  const own = this[name];
  return own instanceof Uint8Array ? { base64: Buffer.from(own).toString('base64') } : value;
}

function readBytes(_name: string, value: unknown): unknown {
  const { base64 } = (value ?? {}) as { base64?: unknown };
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : value;
}
