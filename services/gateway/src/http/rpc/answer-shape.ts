import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { RpcRoute } from '../route.js';
import { writerOf, writingOf, type JsonObject } from './answer-json.js';
import { apiFields, type ApiField } from './api-fields.js';

/** What a declaration says of its answer, with the fields it names. */
export type AnswerShape =
  | { readonly kind: 'whole'; readonly message: DescMessage; readonly leaveOut: ReadonlySet<string> }
  | { readonly kind: 'one'; readonly part: ApiField; readonly message: DescMessage }
  | { readonly kind: 'page'; readonly items: ApiField; readonly rest: readonly ApiField[] }
  | {
      readonly kind: 'flat';
      readonly part: ApiField;
      readonly message: DescMessage;
      readonly rest: readonly ApiField[];
      readonly named: string;
    };

/** The shape of a route's answer; a declaration that names what is not there stops the start. */
export function answerShape({ rpc, answer, cookies = {}, redirect }: RpcRoute): AnswerShape {
  const message = rpc.output;
  const leaveOut = new Set([...Object.keys(cookies), ...(redirect === undefined ? [] : [redirect])]);
  const all = apiFields(message).filter(({ field }) => !leaveOut.has(field.localName));
  if (answer === undefined) return { kind: 'whole', message, leaveOut };
  const name = typeof answer === 'string' ? answer : 'items' in answer ? answer.items : answer.flat;
  const part = all.find(({ field }) => field.localName === name);
  if (!part) throw new Error(`${message.typeName} has no field ${String(name)}`);
  const rest = all.filter((one) => one !== part);
  if (typeof answer !== 'string' && 'items' in answer)
    return { kind: 'page', items: part, rest: rest.filter(({ field }) => field.localName !== 'next') };
  const inner = messageOf(part.field);
  if (typeof answer === 'string') return { kind: 'one', part, message: inner };
  return { kind: 'flat', part, message: inner, rest, named: answer.named };
}

function messageOf(field: DescField): DescMessage {
  if (field.fieldKind !== 'message') throw new Error(`${field.toString()} is no message`);
  return field.message;
}

/** How the answer of a route is written. */
export function answerWriter(declared: RpcRoute): (message: object) => JsonObject {
  const shape = answerShape(declared);
  switch (shape.kind) {
    case 'whole':
      return writerOf(shape.message, shape.leaveOut);
    case 'one': {
      const write = writerOf(shape.message);
      return (message) => write(partOf(message, shape.part));
    }
    case 'page': {
      const items = writingOf(shape.items);
      const besides = writerOf(declared.rpc.output, new Set([shape.items.field.localName, 'next']));
      return (message) => {
        const values = message as Readonly<Record<string, unknown>>;
        return {
          items: items(values[shape.items.field.localName]),
          // The cursor is empty on the bus and null here.
          next: values['next'] || null,
          ...besides(message),
        };
      };
    }
    case 'flat': {
      const write = writerOf(shape.message);
      const besides = writerOf(declared.rpc.output, new Set([shape.part.field.localName]));
      return (message) => ({ ...write(partOf(message, shape.part)), ...besides(message) });
    }
  }
}

/** The one message that an answer is; one that a service left out is a bug of ours. */
function partOf(message: object, { field }: ApiField): object {
  const part = (message as Readonly<Record<string, object | undefined>>)[field.localName];
  if (!part) throw new TypeError(`${field.toString()} is missing in an answer`);
  return part;
}
