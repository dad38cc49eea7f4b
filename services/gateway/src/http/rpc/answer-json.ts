import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { isPermission, timestampDate, type Timestamp } from '@conclave/contracts';
import { apiFields, enumWords, isTimestamp, mayBeUnset, type ApiField } from './api-fields.js';

/** A message as an object of the API. */
export type JsonObject = { [name: string]: unknown };

type Write = (value: unknown) => unknown;
type Values = Readonly<Record<string, unknown>>;

/** How messages of one kind are written; made once, so that an answer costs no look at a descriptor. */
export function writerOf(
  desc: DescMessage,
  leaveOut: ReadonlySet<string> = new Set(),
): (message: object) => JsonObject {
  const parts = apiFields(desc)
    .filter(({ field }) => !leaveOut.has(field.localName))
    .map((one) => ({ path: one.path, read: readingOf(one.field), write: writingOf(one) }));
  return (message) => {
    const object: JsonObject = {};
    for (const { path, read, write } of parts) put(object, path, write(read(message as Values)));
    return object;
  };
}

/** How the value of one field is written. */
export function writingOf({ field, emptyIsNull, permissions, required }: ApiField): Write {
  if (permissions) return (value) => (value as string[]).filter(isPermission);
  const one = oneOf(field);
  if (field.fieldKind === 'list') return (value) => (value as unknown[]).map(one);
  if (field.fieldKind === 'map')
    return (value) => Object.fromEntries(Object.entries(value as object).map(([key, each]) => [key, one(each)]));
  if (emptyIsNull) return (value) => (value === '' ? null : one(value));
  if (!mayBeUnset(field)) return one;
  return (value) => {
    if (value !== undefined) return one(value);
    // One that a service left out is a bug of ours, and says so in the log.
    if (required) throw new TypeError(`${field.toString()} is missing in an answer`);
    return null;
  };
}

/** Writers of messages that may hold themselves are looked up when they are needed, and made once. */
const writers = new Map<DescMessage, (message: object) => JsonObject>();

function nested(desc: DescMessage): Write {
  return (value) => {
    let writer = writers.get(desc);
    if (!writer) writers.set(desc, (writer = writerOf(desc)));
    return writer(value as object);
  };
}

function oneOf(field: DescField): Write {
  const { message, enum: named } = field;
  if (message && isTimestamp(message)) return (value) => timestampDate(value as Timestamp).toISOString();
  if (message) return nested(message);
  if (named) {
    const words = enumWords(named);
    return (value) => words.get(value as number) ?? unknownWord(field);
  }
  if (field.scalar === ScalarType.BYTES) return (value) => Buffer.from(value as Uint8Array).toString('base64url');
  return (value) => (typeof value === 'bigint' ? exactNumber(field, value) : value);
}

/** What a newer service says and we do not know, or what none should say, is no answer. */
function unknownWord(field: DescField): never {
  throw new TypeError(`${field.toString()} has no word in an answer`);
}

function exactNumber(field: DescField, value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${field.toString()} is beyond 2^53`);
  return number;
}

/** One of several lies under the name of the choice. */
function readingOf({ oneof, localName }: DescField): (message: Values) => unknown {
  if (!oneof) return (message) => message[localName];
  return (message) => {
    const { case: chosen, value } = message[oneof.localName] as { case?: string; value?: unknown };
    return chosen === localName ? value : undefined;
  };
}

function put(object: JsonObject, path: readonly string[], value: unknown): void {
  let place = object;
  for (const part of path.slice(0, -1)) place = (place[part] ??= {}) as JsonObject;
  place[path.at(-1) ?? ''] = value;
}
