import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { fieldRules, timestampFromDate } from '@conclave/contracts';
import { invalidArgument } from '@conclave/errors';
import { enumWords, isTimestamp, mayBeUnset } from './api-fields.js';

/** Fields of a message, by their names there. */
export type Fields = Record<string, unknown>;

/** Reads a value that a client sent; `at` names it in the refusal. @throws DomainError INVALID_ARGUMENT */
type Read = (value: unknown, at: string) => unknown;

/** RFC 3339 with a time and a zone. */
const instant = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * How a JSON body is read into these fields of a request: what is of another kind is refused by its name, what is unknown by
 * the whole's, for an unknown name was typed by the client and is not repeated.
 */
export function bodyReader(fields: readonly DescField[]): (body: unknown) => Fields {
  const read = objectReader(fields, { whole: false });
  return (body) => read(body, 'body', '');
}

function objectReader(
  fields: readonly DescField[],
  { whole }: { whole: boolean },
): (value: unknown, at: string, prefix: string) => Fields {
  const readers = fields.map((field) => ({
    name: field.jsonName,
    field,
    read: valueReader(field),
    // A part that is given is given whole; what the request itself may lack, its rules say.
    needed: whole && !mayBeUnset(field) && field.fieldKind !== 'list' && field.fieldKind !== 'map',
  }));
  const known = new Set(readers.map(({ name }) => name));
  return (value, at, prefix) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgument(at);
    const given = value as Fields;
    const found: Fields = {};
    for (const { name, field, read, needed } of readers) {
      if (given[name] !== undefined) assign(found, field, read(given[name], prefix + name));
      else if (needed) throw invalidArgument(prefix + name);
    }
    if (Object.keys(given).some((name) => !known.has(name))) throw invalidArgument(at);
    return found;
  };
}

function valueReader(field: DescField): Read {
  const one = oneReader(field);
  if (field.fieldKind === 'list')
    return (value, at) => {
      if (!Array.isArray(value)) throw invalidArgument(at);
      return value.map((each, index) => one(each, `${at}.${index}`));
    };
  if (field.fieldKind === 'map')
    return (value, at) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidArgument(at);
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, one(each, at)]));
    };
  return said(field, one);
}

/** Where empty means "not said", whoever says it must say something. */
function said(field: DescField, read: Read): Read {
  const rules = fieldRules(field);
  if (!rules || (!rules.emptyPasses && rules.default === undefined)) return read;
  return (value, at) => {
    const found = read(value, at);
    if (found === '' || found === 0 || found === 0n) throw invalidArgument(at);
    return found;
  };
}

function oneReader(field: DescField): Read {
  const { message, enum: named, scalar } = field;
  if (message && isTimestamp(message)) return readInstant;
  if (message) return nested(message);
  if (named) {
    const numbers = new Map([...enumWords(named)].map(([number, word]) => [word, number]));
    return (value, at) => (typeof value === 'string' ? numbers.get(value) : undefined) ?? refuse(at);
  }
  if (field.scalar === ScalarType.BYTES) return readBytes;
  if (scalar === ScalarType.STRING) return (value, at) => (typeof value === 'string' ? value : refuse(at));
  if (scalar === ScalarType.BOOL) return (value, at) => (typeof value === 'boolean' ? value : refuse(at));
  return numberReader(scalar);
}

function nested(desc: DescMessage): Read {
  let read: ReturnType<typeof objectReader> | undefined;
  return (value, at) => (read ??= objectReader(desc.fields, { whole: true }))(value, at, `${at}.`);
}

const bits32: ReadonlyMap<ScalarType | undefined, readonly [low: number, high: number]> = new Map([
  [ScalarType.UINT32, [0, 0xffff_ffff]],
  [ScalarType.FIXED32, [0, 0xffff_ffff]],
  [ScalarType.INT32, [-0x8000_0000, 0x7fff_ffff]],
  [ScalarType.SINT32, [-0x8000_0000, 0x7fff_ffff]],
  [ScalarType.SFIXED32, [-0x8000_0000, 0x7fff_ffff]],
]);

function numberReader(scalar: ScalarType | undefined): Read {
  if (scalar === ScalarType.DOUBLE || scalar === ScalarType.FLOAT)
    return (value, at) => (typeof value === 'number' && Number.isFinite(value) ? value : refuse(at));
  const [low, high] = bits32.get(scalar) ?? [
    scalar === ScalarType.UINT64 || scalar === ScalarType.FIXED64 ? 0 : Number.MIN_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER,
  ];
  const wide = !bits32.has(scalar);
  return (value, at) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < low || value > high) refuse(at);
    return wide ? BigInt(value as number) : value;
  };
}

const readInstant: Read = (value, at) => {
  if (typeof value !== 'string' || !instant.test(value)) return refuse(at);
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? refuse(at) : timestampFromDate(time);
};

const readBytes: Read = (value, at) =>
  typeof value === 'string' && /^[A-Za-z0-9_-]*$/.test(value) ? Buffer.from(value, 'base64url') : refuse(at);

function refuse(at: string): never {
  throw invalidArgument(at);
}

/** How the text of a query is read into a field. */
export function queryReader(field: DescField): Read {
  const read = valueReader(field);
  const { scalar } = field;
  const isText =
    scalar === ScalarType.STRING ||
    field.enum !== undefined ||
    field.scalar === ScalarType.BYTES ||
    field.message !== undefined;
  return (text, at) => {
    if (field.fieldKind === 'list') return read([text].flat(), at);
    if (typeof text !== 'string') return refuse(at);
    if (isText) return read(text, at);
    if (scalar === ScalarType.BOOL) return read(text === 'true' ? true : text === 'false' ? false : text, at);
    return read(/^-?\d{1,16}$/.test(text) ? Number(text) : text, at);
  };
}

/** Puts a value where protobuf-es wants it: one of several lies under the name of the choice. */
export function assign(fields: Fields, { oneof, localName }: DescField, value: unknown): void {
  if (oneof) fields[oneof.localName] = { case: localName, value };
  else fields[localName] = value;
}

/** Whether a text of a path can be this field; what cannot is as unknown as any other that does not exist. */
export function pathFits(field: DescField): (text: string) => boolean {
  const rules = fieldRules(field);
  const patterns = (rules?.patterns ?? []).map((pattern) => new RegExp(pattern, 'u'));
  const { minLength = 1, maxLength = 512 } = rules ?? {};
  return (text) =>
    text.length >= minLength && text.length <= maxLength && patterns.every((pattern) => pattern.test(text));
}
