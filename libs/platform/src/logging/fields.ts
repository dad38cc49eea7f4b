import { createHash } from 'node:crypto';
import { describeError } from './describe-error.js';
import { scrub } from './scrub.js';

/** Ids. A value that is not a UUID is logged as a short hash: it still correlates and tells nothing. */
const ID_FIELDS = [
  'roomId',
  'fileId',
  'joinId',
  'userIdHash',
  'sessionId',
  'invitationId',
  'meetingId',
  'messageId',
  'uploadId',
  'eventId',
  'replicaId',
] as const;

/** Words chosen by us in code: a reason, a subject, a state, a step. Values with white space or odd characters are withheld. */
const WORD_FIELDS = [
  'action',
  'caller',
  'check',
  'code',
  'component',
  'constraint',
  'engine',
  'eventType',
  'feed',
  'host',
  'kid',
  'method',
  'migration',
  'outcome',
  'permission',
  'phase',
  'queue',
  'reason',
  'release',
  'role',
  'route',
  'server',
  'service',
  'signal',
  'state',
  'step',
  'subject',
  'suite',
  'table',
] as const;

const NUMBER_FIELDS = [
  'attempt',
  'bytes',
  'closeCode',
  'count',
  'delayMs',
  'durationMs',
  'exitCode',
  'inFlight',
  'lagMs',
  'limit',
  'part',
  'pid',
  'port',
  'retryAfterSeconds',
  'seq',
  'shard',
  'status',
  'total',
  'waiting',
  'workers',
] as const;

const FLAG_FIELDS = ['retryable', 'resumed', 'cached'] as const;

/** The fields a line may carry: this set and nothing else. A new one is added here, with its kind. */
export type LogFields = Partial<
  Record<(typeof ID_FIELDS)[number] | (typeof WORD_FIELDS)[number], string> &
    Record<(typeof NUMBER_FIELDS)[number], number> &
    Record<(typeof FLAG_FIELDS)[number], boolean>
> & {
  /** Anything thrown; only its safe parts are written. */
  readonly error?: unknown;
};

const ids: ReadonlySet<string> = new Set(ID_FIELDS);
const words: ReadonlySet<string> = new Set(WORD_FIELDS);
const numbers: ReadonlySet<string> = new Set(NUMBER_FIELDS);
const flags: ReadonlySet<string> = new Set(FLAG_FIELDS);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^(h:)?[0-9a-f]{12,16}$/;
const WORD = /^[A-Za-z0-9_$][A-Za-z0-9_.:/{}*>$-]{0,119}$/;

/** Keeps what the set allows; what it does not is dropped and only counted, for its key may be typed by a person too. */
export function allowedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  let withheld = 0;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (key === 'error') {
      kept['error'] = describeError(value);
      continue;
    }
    const safe = allowed(key, value);
    if (safe === undefined) withheld += 1;
    else kept[key] = safe;
  }
  return withheld > 0 ? { ...kept, withheld } : kept;
}

function allowed(key: string, value: unknown): unknown {
  if (numbers.has(key)) return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  if (flags.has(key)) return typeof value === 'boolean' ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (ids.has(key)) return UUID.test(value) || HASH.test(value) ? value : shortHash(value);
  if (words.has(key)) return WORD.test(value) && scrub(value) === value ? value : undefined;
  return undefined;
}

/** 48 bits of SHA-256: enough to follow one thing through a day of lines. */
export function shortHash(value: string): string {
  return `h:${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
}
