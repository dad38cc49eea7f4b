import {
  getOption,
  hasExtension,
  type DescExtension,
  type DescField,
  type DescMessage,
  type MessageShape,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import {
  EnumRulesSchema,
  field as rulesOption,
  message as messageOption,
  Ignore,
  MapRulesSchema,
  predefined,
  RepeatedRulesSchema,
  StringRulesSchema,
  TimestampRulesSchema,
  UInt32RulesSchema,
  UInt64RulesSchema,
  type EnumRules,
  type FieldRules as Declared,
  type MapRules,
  type RepeatedRules,
  type StringRules,
  type TimestampRules,
  type UInt32Rules,
  type UInt64Rules,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { file_conclave_common_v1_rules as shared, id } from './gen/conclave/common/v1/rules_pb.js';
import { zeroMeans } from './message-check.js';

/**
 * What the contract says of a field, in the words of JSON Schema where it has words; for documents and for tests. Whether a
 * message fits is `messageCheck`'s to say.
 */
export interface FieldRules {
  /** Whether a request without it, or with it empty, is refused. */
  readonly required: boolean;
  /** Whether the empty value passes although it does not fit the rest: it means "not said". */
  readonly emptyPasses: boolean;
  /** Code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Every one of them must match; read with the flag `u`. */
  readonly patterns: readonly string[];
  /** `slug`, `id`, `join_id` or `cursor`: what several fields have in common. */
  readonly shared?: string;
  readonly format?: 'uuid' | 'ip' | 'date-time';
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  /** What 0 stands for. */
  readonly default?: number;
  /** Numbers of the enum's values that are taken. */
  readonly values?: readonly number[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  /** Of a list. */
  readonly items?: FieldRules;
  /** Of a map; `minItems` and `maxItems` count its entries. */
  readonly keys?: FieldRules;
  readonly entries?: FieldRules;
  /** Whether a time must lie ahead, and how far it may lie from now. */
  readonly future?: boolean;
  readonly withinSeconds?: number;
}

/** The rules of a field; undefined where nothing is declared. */
export function fieldRules(field: DescField): FieldRules | undefined {
  const declared = getOption(field, rulesOption);
  const zero = zeroMeans(field);
  if (declared.type.case === undefined && !declared.required && zero === undefined) return undefined;
  const rules = read(field, declared, tracksPresence(field));
  return zero === undefined ? rules : { ...rules, default: zero };
}

/** Names in code of the fields of which a message carries only one, this one left out. */
export function alternativesOf({ parent, name }: DescField): string[] {
  const groups = getOption(parent, messageOption).oneof.filter(({ fields }) => fields.includes(name));
  const others = new Set(groups.flatMap(({ fields }) => fields).filter((other) => other !== name));
  return parent.fields.filter((field) => others.has(field.name)).map(({ localName }) => localName);
}

type Part = Omit<Partial<FieldRules>, 'required' | 'emptyPasses'>;

function read(field: DescField, declared: Declared, mayBeUnset: boolean): FieldRules {
  const emptyPasses = declared.ignore === Ignore.IF_ZERO_VALUE;
  const part = ofType(field, declared);
  const required = declared.required || (!emptyPasses && !mayBeUnset && refusesEmpty(part));
  return { patterns: [], ...part, emptyPasses, required };
}

/** Unset is apart from empty: `optional`, and every message. */
const tracksPresence = (field: DescField): boolean =>
  field.fieldKind === 'message' ||
  (field.fieldKind !== 'list' && field.fieldKind !== 'map' && field.proto.proto3Optional);

const refusesEmpty = ({ minLength = 0, minItems = 0, minimum = 0, values, format, patterns = [] }: Part): boolean =>
  minLength > 0 ||
  minItems > 0 ||
  minimum > 0 ||
  values?.includes(0) === false ||
  format === 'ip' ||
  patterns.some((pattern) => !new RegExp(pattern, 'u').test(''));

/** Stops at a rule that this file cannot tell of, so that no document leaves one out. */
function known<Desc extends DescMessage>(schema: Desc, rules: MessageShape<Desc>, names: readonly string[]): void {
  const set = reflect(schema, rules);
  const unknown = set.fields.find((field) => set.isSet(field) && !names.includes(field.name));
  if (unknown) throw new Error(`fieldRules does not know ${schema.typeName}.${unknown.name}`);
}

function ofType(field: DescField, { type }: Declared): Part {
  switch (type.case) {
    case undefined:
      return {};
    case 'string':
      return ofString(type.value);
    case 'uint32':
      known(UInt32RulesSchema, type.value, ['lte', 'gte', 'example']);
      return ofNumber(type.value);
    case 'uint64':
      known(UInt64RulesSchema, type.value, ['lte', 'gte', 'example']);
      return ofNumber(type.value);
    case 'enum':
      return ofEnum(field, type.value);
    case 'repeated':
      return ofList(field, type.value);
    case 'map':
      return ofMap(field, type.value);
    case 'timestamp':
      return ofTime(type.value);
    default:
      throw new Error(`${field.toString()}: fieldRules does not know rules of kind ${type.case}`);
  }
}

function ofString(rules: StringRules): Part {
  known(StringRulesSchema, rules, ['min_len', 'max_len', 'pattern', 'ip', 'example']);
  const common = shared.extensions.find((extension) => hasExtension(rules, extension));
  return {
    ...(rules.minLen > 0n && { minLength: Number(rules.minLen) }),
    ...(rules.maxLen > 0n && { maxLength: Number(rules.maxLen) }),
    patterns: [...(rules.pattern === '' ? [] : [rules.pattern]), ...(common ? [patternOf(common)] : [])],
    ...(common && { shared: common.name }),
    ...(common?.typeName === id.typeName && { format: 'uuid' as const }),
    ...(rules.wellKnown.case === 'ip' && { format: 'ip' as const }),
  };
}

const idPattern = new RegExp(patternOf(id), 'u');

/** Whether text that came by another way than a request is an id, by the contract's own rule. */
export const isId = (text: string): boolean => idPattern.test(text);

/** A shared rule is one `matches`; anything else in its place stops whoever reads it. */
function patternOf(extension: DescExtension): string {
  const [rule] = getOption(extension, predefined).cel;
  const pattern = /^!rule \|\| this\.matches\('([^']+)'\)$/.exec(rule?.expression ?? '')?.[1];
  if (pattern === undefined) throw new Error(`${extension.typeName}: not one matches('…')`);
  return pattern;
}

function ofNumber({ lessThan, greaterThan }: UInt32Rules | UInt64Rules): Part {
  return {
    ...(lessThan.case === 'lte' && { maximum: lessThan.value }),
    ...(greaterThan.case === 'gte' && { minimum: greaterThan.value }),
  };
}

function ofEnum(field: DescField, rules: EnumRules): Part {
  known(EnumRulesSchema, rules, ['defined_only', 'in', 'not_in', 'example']);
  const all = (field.enum?.values ?? []).map(({ number }) => number);
  return {
    values: all.filter((value) => (rules.in.length === 0 || rules.in.includes(value)) && !rules.notIn.includes(value)),
  };
}

function ofList(field: DescField, rules: RepeatedRules): Part {
  known(RepeatedRulesSchema, rules, ['min_items', 'max_items', 'unique', 'items']);
  return {
    ...(rules.minItems > 0n && { minItems: Number(rules.minItems) }),
    ...(rules.maxItems > 0n && { maxItems: Number(rules.maxItems) }),
    ...(rules.unique && { uniqueItems: true }),
    ...(rules.items && { items: read(field, rules.items, false) }),
  };
}

function ofMap(field: DescField, rules: MapRules): Part {
  known(MapRulesSchema, rules, ['min_pairs', 'max_pairs', 'keys', 'values']);
  return {
    ...(rules.minPairs > 0n && { minItems: Number(rules.minPairs) }),
    ...(rules.maxPairs > 0n && { maxItems: Number(rules.maxPairs) }),
    ...(rules.keys && { keys: read(field, rules.keys, false) }),
    ...(rules.values && { entries: read(field, rules.values, false) }),
  };
}

function ofTime(rules: TimestampRules): Part {
  known(TimestampRulesSchema, rules, ['gt_now', 'within', 'example']);
  return {
    format: 'date-time',
    ...(rules.greaterThan.case === 'gtNow' && { future: rules.greaterThan.value }),
    ...(rules.within && { withinSeconds: Number(rules.within.seconds) }),
  };
}
