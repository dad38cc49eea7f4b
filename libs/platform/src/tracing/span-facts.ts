import { shortHash } from '../logging/fields.js';
import { looksSensitive } from '../logging/scrub.js';

/** Words chosen by us in code, and numbers. */
const WORDS = [
  'conclave.outcome',
  'conclave.role',
  'db.operation.name',
  'db.pool',
  'db.system.name',
  'http.request.method',
  'http.route',
  'livekit.event',
  'livekit.method',
  'rpc.method',
  'rpc.system',
] as const;
const NUMBERS = ['http.response.status_code', 'conclave.bytes'] as const;
/** Ids: only their short hash leaves the process, the same as in log lines. */
const IDS = ['conclave.room', 'conclave.file', 'conclave.join'] as const;

/** What a span may say: this set and nothing else. A new attribute is added here, with its kind. */
export type SpanAttributes = Partial<
  Record<(typeof WORDS)[number] | (typeof IDS)[number], string> & Record<(typeof NUMBERS)[number], number>
>;

/** What a span is about. */
export interface SpanFacts {
  /** Written in the code or from the contracts: a subject, a route's template, a method. Never a path or a query. */
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly attributes?: SpanAttributes;
}

const words: ReadonlySet<string> = new Set(WORDS);
const numbers: ReadonlySet<string> = new Set(NUMBERS);
const ids: ReadonlySet<string> = new Set(IDS);

const WORD = /^[A-Za-z0-9_/$][A-Za-z0-9_.:/{}*>$ -]{0,119}$/;

/** A name that may leave the process. */
export const safeName = (name: string): string => (WORD.test(name) && !looksSensitive(name) ? name : 'unnamed');

/** Keeps what the set allows; everything else is dropped, whatever its type promised. */
export function safeAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (numbers.has(key) && typeof value === 'number' && Number.isFinite(value)) kept[key] = value;
    if (typeof value !== 'string' || value === '') continue;
    if (ids.has(key)) kept[key] = shortHash(value);
    if (words.has(key) && safeName(value) === value) kept[key] = value;
  }
  return kept;
}
