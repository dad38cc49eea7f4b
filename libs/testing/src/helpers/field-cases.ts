import { alternativesOf, fieldRules, type DescField, type DescMethod, type FieldRules } from '@conclave/contracts';
import { ownValues, sharedValues, textOf } from './field-values.js';

/** A request as it is made: fields by their names in code. */
export type Init = Readonly<Record<string, unknown>>;

/** One value for one field of a request, and whether the contract takes it. */
export interface FieldCase {
  /** `conclave.rooms.v1.UpdateRoomRequest.name: 121 characters`; unique. */
  readonly title: string;
  readonly field: DescField;
  /** What `details.field` says of a refusal; names as in JSON. */
  readonly path: string;
  readonly value: unknown;
  readonly fits: boolean;
  /** The request with this value in its place. */
  readonly request: Init;
}

interface Value {
  readonly says: string;
  readonly value: unknown;
  /** Behind the field's own path, such as `.0`. */
  readonly at?: string;
}
interface Values {
  readonly fit: readonly Value[];
  readonly unfit: readonly Value[];
}

/** A request that fits the contract, as small as it gets; `facts` say what matters to the spec. */
export function exampleRequest({ input }: Pick<DescMethod, 'input'>, facts: Init = {}): Init {
  const fields = input.fields.flatMap((field) => {
    if (field.localName in facts) return [[field.localName, facts[field.localName]]];
    const rules = fieldRules(field);
    if (!rules?.required) return [];
    return [[field.localName, valuesOf(field, rules).fit[0]?.value]];
  });
  return Object.fromEntries(fields) as Init;
}

/**
 * Every field of a request at each of its bounds, one below, one above, and malformed; the rest of the request is `example`. The
 * cases are read from the contract, so a new field has its own without a line of code.
 */
export function fieldCases({ input }: Pick<DescMethod, 'input'>, example: Init): FieldCase[] {
  return input.fields.flatMap((field) => {
    const rules = fieldRules(field);
    if (!rules) return [];
    const { fit, unfit } = valuesOf(field, rules);
    const make =
      (fits: boolean) =>
      ({ says, value, at = '' }: Value): FieldCase => ({
        title: `${input.typeName}.${field.name}: ${says}`,
        field,
        path: `${field.jsonName}${at}`,
        value,
        fits,
        request: { ...example, ...without(alternativesOf(field)), [field.localName]: value },
      });
    return [...fit.map(make(true)), ...unfit.map(make(false))];
  });
}

/** Of several ways to say one thing a request carries one. */
const without = (names: readonly string[]): Init => Object.fromEntries(names.map((name) => [name, '']));

function valuesOf(field: DescField, rules: FieldRules): Values {
  switch (field.fieldKind) {
    case 'scalar':
      return typeof rules.maximum === 'undefined' ? textValues(field, rules) : numberValues(rules);
    case 'enum':
      return enumValues(rules);
    case 'list':
      return listValues(field, rules);
    case 'message':
      return timeValues(rules);
    case 'map':
      throw new Error(`${field.toString()}: teach the cases maps`);
  }
}

function textValues(field: DescField, rules: FieldRules): Values {
  const { minLength = 0, maxLength, patterns, emptyPasses, required, shared, format } = rules;
  const ready = shared ? sharedValues[shared] : format === 'ip' ? ownValues.ip : undefined;
  const fit = (ready?.fit ?? [minLength, maxLength ?? minLength].map((n) => textOf(field, n))).map(asText);
  const matching = (text: string): boolean => patterns.every((pattern) => new RegExp(pattern, 'u').test(text));
  const unfit = [
    ...(ready?.unfit ?? ownValues.odd).filter(
      (text) => ready !== undefined || (patterns.length > 0 && !matching(text)),
    ),
    ...(maxLength === undefined ? ['a'.repeat(1_000)] : [textOf(field, maxLength + 1), '🦊'.repeat(maxLength + 1)]),
    ...(minLength > 1 ? [textOf(field, minLength - 1)] : []),
    ...(required ? [''] : []),
  ].map(asText);
  return { fit: emptyPasses ? [...fit, asText('')] : fit, unfit };
}

const asText = (value: string): Value => {
  const length = [...value].length;
  return { value, says: length > 70 ? `${length} of ${[...value].slice(0, 4).join('')}…` : JSON.stringify(value) };
};

function numberValues({ minimum = 0, maximum = 0 }: FieldRules): Values {
  const large = typeof maximum === 'bigint';
  const one = large ? 1n : 1;
  const largest = large ? (1n << 64n) - 1n : 0xffff_ffff;
  const low = large ? BigInt(minimum) : Number(minimum);
  const say = (value: number | bigint): Value => ({ value, says: String(value) });
  const above = (maximum as number) + (one as number);
  const below = low > 0 ? [(low as number) - (one as number)] : [];
  return { fit: [low, maximum].map(say), unfit: [...below, above, largest].map(say) };
}

const enumValues = ({ values = [] }: FieldRules): Values => {
  const say = (value: number): Value => ({ value, says: `number ${value}` });
  return {
    fit: values.map(say),
    unfit: [...(values.includes(0) ? [] : [0]), Math.max(...values) + 1, 99, -1].map(say),
  };
};

function listValues(field: DescField, { items, minItems = 0, maxItems }: FieldRules): Values {
  if (!items || maxItems === undefined) throw new Error(`${field.toString()}: a list says how long it is and of what`);
  const one = textValues(field, items);
  const good = one.fit[0]?.value;
  const of = (length: number): Value => ({ value: Array(length).fill(good), says: `${length} items` });
  return {
    fit: [of(minItems), of(maxItems), ...one.fit.map((item) => ({ value: [item.value], says: `with ${item.says}` }))],
    unfit: [
      of(maxItems + 1),
      ...(minItems > 0 ? [of(minItems - 1)] : []),
      ...one.unfit.map((item) => ({ value: [good, item.value], says: `with ${item.says}`, at: '.1' })),
    ],
  };
}

function timeValues({ future, withinSeconds }: FieldRules): Values {
  if (!future || withinSeconds === undefined) throw new Error('teach the cases times that are not bounded so');
  const now = Math.floor(Date.now() / 1000);
  const at = (says: string, seconds: number | bigint, nanos = 0): Value => ({
    says,
    value: { seconds: BigInt(seconds), nanos },
  });
  // A minute on either side of the bound: the clock that decides is the service's.
  return {
    fit: [at('soon', now + 60), at('as late as may be', now + withinSeconds - 60)],
    unfit: [
      at('just over', now - 60),
      at('too late', now + withinSeconds + 60),
      at('1970', 0),
      at('before 1970', 0, -1),
      at('the year 10000', 253_402_300_800n),
      at('the last second of int64', (1n << 63n) - 1n),
    ],
  };
}
