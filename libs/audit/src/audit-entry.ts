import { createHash } from 'node:crypto';
import { looksSensitive } from '@conclave/platform';

/** Ids, words and numbers; never a name, a message, a file name or a token. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;

/** Something that happened and that must stay on record. */
export interface AuditEntry {
  /** Who: `user:<id>`, `service:rooms`, `system`. */
  readonly actor: string;
  /** What: `room.deleted`. */
  readonly action: string;
  /** On what: `room:<id>`. */
  readonly subject: string;
  readonly detail?: AuditDetail;
}

/** An entry in its place in the chain. */
export interface AuditLink extends Required<AuditEntry> {
  readonly seq: bigint;
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  readonly prevHash: Buffer;
}

/** What the first row points back to. */
export const GENESIS = Buffer.alloc(32);

const WORD = /^[A-Za-z0-9_.:/=+-]{1,200}$/;
const DOMAIN = 'conclave.audit.v1';

/** Refuses what has no place on record; a value with a space in it is somebody's words. */
export function assertRecordable({ actor, action, subject, detail = {} }: AuditEntry): void {
  const fields = { actor, action, subject, ...detail };
  for (const [key, value] of [...Object.entries(fields), ...Object.keys(detail).map((key) => ['key', key] as const)]) {
    const fits =
      typeof value === 'number' ? Number.isSafeInteger(value) : typeof value !== 'string' || isRecordableWord(value);
    if (!fits) throw new Error(`audit: the value of ${WORD.test(key) ? key : 'a field'} has no place on record`);
  }
}

const isRecordableWord = (value: string): boolean => value === '' || (WORD.test(value) && !looksSensitive(value));

/** SHA-256 over the fields in a fixed order, each as JSON in an array: no two entries have the same encoding. */
export function hashOf({ seq, at, actor, action, subject, detail, prevHash }: AuditLink): Buffer {
  const facts = Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const encoded = JSON.stringify([DOMAIN, seq.toString(), at, actor, action, subject, facts, prevHash.toString('hex')]);
  return createHash('sha256').update(encoded).digest();
}
