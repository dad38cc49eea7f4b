import { ScalarType, type DescEnum, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { comments, fieldRules, permissions, type FieldRules } from '@conclave/contracts';
import { answerShape } from '../rpc/answer-shape.js';
import { apiFields, enumWords, isTimestamp, mayBeUnset, type ApiField } from '../rpc/api-fields.js';
import type { RpcRoute } from '../route.js';

/** A JSON Schema or any other part of the document. */
export type Json = { [key: string]: unknown };

/** What an answer holds and what a request may hold differ: an answer says null, a request leaves out. */
type Direction = 'answer' | 'request';

/** Schemas of messages and enums, each once under its own name, with the contract's words. */
export class MessageSchemas {
  readonly schemas: Record<string, Json> = {};
  private readonly taken = new Map<string, string>();

  /** A reference to the schema of a message. */
  message(desc: DescMessage, direction: Direction = 'answer'): Json {
    return this.named(desc, desc.name, () => this.object(desc, apiFields(desc), direction, { whole: true }));
  }

  /** The answer of a route. */
  answer(declared: RpcRoute): Json {
    const shape = answerShape(declared);
    switch (shape.kind) {
      case 'one':
        return this.message(shape.message);
      case 'whole': {
        const fields = apiFields(shape.message).filter(({ field }) => !shape.leaveOut.has(field.localName));
        return finished(this.object(undefined, fields, 'answer', { whole: true }), declared);
      }
      case 'page': {
        const { properties: besides, required } = this.object(undefined, shape.rest, 'answer', { whole: true }) as {
          properties: Json;
          required: string[];
        };
        const next = { type: ['string', 'null'], description: 'Where the next page begins; null at the end.' };
        return {
          type: 'object',
          properties: { items: this.property(shape.items, 'answer'), next, ...besides },
          required: ['items', 'next', ...required],
          additionalProperties: false,
        };
      }
      case 'flat': {
        const both = [...apiFields(shape.message), ...shape.rest];
        this.schemas[shape.named] ??= {
          ...this.object(shape.message, both, 'answer', { whole: true }),
        };
        return reference(shape.named);
      }
    }
  }

  /** The body of a request made of these fields. */
  body(fields: readonly DescField[]): Json {
    const wanted = new Set(fields);
    const parts = fields[0] ? apiFields(fields[0].parent).filter(({ field }) => wanted.has(field)) : [];
    return this.object(undefined, parts, 'request', { whole: false });
  }

  /** A parameter of path or query. */
  parameter(field: DescField): { schema: Json; required: boolean; description?: string } {
    const words = comments[nameOf(field)];
    const { description: _words, ...schema } = this.property(partOf(field), 'request');
    return { schema, required: fieldRules(field)?.required ?? false, ...(words && { description: words }) };
  }

  private object(
    desc: DescMessage | undefined,
    fields: readonly ApiField[],
    direction: Direction,
    { whole }: { whole: boolean },
  ): Json {
    const made: Json = {};
    const needed: string[] = [];
    for (const part of fields) {
      const must = direction === 'answer' || isNeeded(part, whole);
      this.place(made, needed, part, this.property(part, direction), must);
    }
    const words = desc && comments[desc.typeName];
    return {
      ...(words && { description: words }),
      type: 'object',
      properties: made,
      ...((direction === 'answer' || needed.length > 0) && { required: needed }),
      additionalProperties: false,
    };
  }

  /** Puts a field where the API has it, which may be a part of a part. */
  private place(
    properties: Json,
    needed: string[],
    { path }: Pick<ApiField, 'path'>,
    schema: Json,
    must: boolean,
  ): void {
    const [name = '', ...deeper] = path;
    if (must && !needed.includes(name)) needed.push(name);
    if (deeper.length === 0) return void (properties[name] = schema);
    const inner = (properties[name] ??= {
      type: 'object',
      properties: {},
      required: [],
      additionalProperties: false,
    }) as { properties: Json; required: string[] };
    this.place(inner.properties, inner.required, { path: deeper }, schema, must);
  }

  private property(part: ApiField, direction: Direction): Json {
    const { field, emptyIsNull, required } = part;
    const words = comments[nameOf(field)];
    const value = part.permissions ? this.permissions() : this.value(field, direction);
    const mayBeNull = direction === 'answer' && (emptyIsNull || (mayBeUnset(field) && !required));
    const schema = mayBeNull ? orNull(value) : value;
    return words ? { ...schema, description: words } : schema;
  }

  private value(field: DescField, direction: Direction): Json {
    const rules = direction === 'request' ? fieldRules(field) : undefined;
    if (field.fieldKind === 'list')
      return {
        type: 'array',
        items: this.one(field, direction, rules?.items),
        ...(rules?.minItems !== undefined && { minItems: rules.minItems }),
        ...(rules?.maxItems !== undefined && { maxItems: rules.maxItems }),
      };
    if (field.fieldKind === 'map')
      return { type: 'object', additionalProperties: this.one(field, direction, rules?.entries) };
    return this.one(field, direction, rules);
  }

  private one({ message, enum: named, scalar }: DescField, direction: Direction, rules: FieldRules | undefined): Json {
    if (message && isTimestamp(message)) return { type: 'string', format: 'date-time' };
    if (message) return this.message(message, direction);
    if (named) return this.enumeration(named);
    return { ...ofScalar(scalar), ...(rules && said(rules)) };
  }

  private permissions(): Json {
    this.schemas['Permission'] ??= {
      description: 'What a person may do; the words of docs/permissions.md.',
      type: 'string',
      enum: permissions,
    };
    return { type: 'array', items: reference('Permission') };
  }

  private enumeration(desc: DescEnum): Json {
    return this.named(desc, desc.name, () => {
      const words = comments[desc.typeName];
      return { ...(words && { description: words }), type: 'string', enum: [...enumWords(desc).values()] };
    });
  }

  private named({ typeName }: DescMessage | DescEnum, name: string, make: () => Json): Json {
    const owner = this.taken.get(name);
    if (owner !== undefined && owner !== typeName) throw new Error(`${typeName} and ${owner} have one name in the API`);
    if (owner === undefined) {
      this.taken.set(name, typeName);
      this.schemas[name] = make();
    }
    return reference(name);
  }
}

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

const orNull = (schema: Json): Json =>
  typeof schema['type'] === 'string'
    ? { ...schema, type: [schema['type'], 'null'] }
    : { anyOf: [schema, { type: 'null' }] };

/** The full name under which the contract's words stand. */
const nameOf = ({ parent, name }: DescField): string => `${parent.typeName}.${name}`;

function partOf(field: DescField): ApiField {
  const part = apiFields(field.parent).find((one) => one.field === field);
  if (!part) throw new Error(`${field.toString()} is no field of its own message`);
  return part;
}

/** What a request must say: what its rules refuse empty; and a part that is given is given whole. */
function isNeeded({ field, required }: ApiField, whole: boolean): boolean {
  if (required) return true;
  return whole && !mayBeUnset(field) && field.fieldKind !== 'list' && field.fieldKind !== 'map';
}

function ofScalar(scalar: ScalarType | undefined): Json {
  switch (scalar) {
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64url' };
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' };
    default:
      return { type: 'integer' };
  }
}

/** Rules in the words of JSON Schema. */
function said(rules: FieldRules): Json {
  const { patterns, minLength, maxLength, minimum, maximum, format } = rules;
  return {
    ...(minLength !== undefined && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(patterns.length === 1 && { pattern: patterns[0] }),
    ...(patterns.length > 1 && { allOf: patterns.map((pattern) => ({ pattern })) }),
    ...(format === 'uuid' && { format }),
    ...(rules.default !== undefined && { minimum: 1, default: rules.default }),
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
  };
}

/** With what HTTP adds by hand. */
function finished(schema: Json, { finish }: RpcRoute): Json {
  if (!finish) return schema;
  const added = Object.entries(finish.properties);
  return {
    ...schema,
    properties: { ...(schema['properties'] as Json), ...Object.fromEntries(added) },
    required: [...(schema['required'] as string[]), ...added.map(([name]) => name)],
  };
}
