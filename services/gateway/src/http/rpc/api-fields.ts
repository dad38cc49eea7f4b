import { getOption, type DescEnum, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { common, fieldRules } from '@conclave/contracts';

/** A field of a message as the API knows it. */
export interface ApiField {
  readonly field: DescField;
  /** Where it lies in the answer's object: `['displayName']`, or `['needs', 'invitation']`. */
  readonly path: readonly string[];
  /** Whether an empty text means that there is none. */
  readonly emptyIsNull: boolean;
  /** Whether its texts are permissions. */
  readonly permissions: boolean;
  /** Whether the contract says that it is always set. */
  readonly required: boolean;
}

/** The fields of a message in the order of their numbers, which is the order of every answer; without those that stay inside. */
export function apiFields({ fields }: DescMessage): readonly ApiField[] {
  return fields.flatMap((field) => {
    const { name, emptyIsNull, permissions, inside } = getOption(field, common.api);
    if (inside) return [];
    return {
      field,
      path: name === '' ? [field.jsonName] : name.split('.'),
      emptyIsNull,
      permissions,
      required: fieldRules(field)?.required ?? false,
    };
  });
}

/** Whether a field may be unset, apart from empty: every message, and what is `optional` or one of several. */
export const mayBeUnset = (field: DescField): boolean =>
  field.fieldKind === 'message' ||
  field.oneof !== undefined ||
  ((field.fieldKind === 'scalar' || field.fieldKind === 'enum') && field.proto.proto3Optional);

/** Values of an enum by number: lower case, without prefix; 0 is "not said" and has no word. */
export const enumWords = ({ values }: DescEnum): ReadonlyMap<number, string> =>
  new Map(
    values.filter(({ number }) => number !== 0).map(({ number, localName }) => [number, localName.toLowerCase()]),
  );

/** Whether a message is a time: written as RFC 3339. */
export const isTimestamp = ({ typeName }: DescMessage): boolean => typeName === 'google.protobuf.Timestamp';
