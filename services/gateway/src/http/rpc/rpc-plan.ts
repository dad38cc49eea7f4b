import { create, ScalarType, type DescField, type DescMethod } from '@bufbuild/protobuf';
import { messageCheck } from '@conclave/contracts';
import { DomainError, invalidArgument } from '@conclave/errors';
import { clearCookie, setCookie, type Cookie } from '../../session/cookies.js';
import type { Exchange, RpcRoute } from '../route.js';
import { answerWriter } from './answer-shape.js';
import { assign, bodyReader, pathFits, queryReader, type Fields } from './request-json.js';

/** What came in, as Fastify hands it over. */
export interface Incoming {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** What goes out. */
export interface Outgoing {
  readonly status: number;
  /** Absent where the answer has no body. */
  readonly json?: object;
  readonly cookies: readonly string[];
  readonly location?: string;
}

/** A declared route, ready to run: everything that descriptors say has been looked up. */
export interface RpcPlan {
  /** @throws DomainError NOT_FOUND for a path that cannot exist, INVALID_ARGUMENT with the field of body or query */
  request(incoming: Incoming, exchange: Exchange): object;
  answer(message: object, exchange: Exchange): Outgoing;
}

/** A field by the name it has in code. @throws Error where the declaration names one that is not there; this stops the start */
export function fieldNamed({ input, output }: DescMethod, of: 'input' | 'output', name: string): DescField {
  const message = of === 'input' ? input : output;
  const field = message.fields.find(({ localName }) => localName === name);
  if (!field) throw new Error(`${message.typeName} has no field ${name}`);
  return field;
}

/** The path parameters of a route and their fields. */
export function pathFields(path: string, rpc: DescMethod, names: Readonly<Record<string, string>> = {}) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    field: fieldNamed(rpc, 'input', names[name] ?? name),
  }));
}

/** Path parameters, read into their fields. @throws DomainError NOT_FOUND */
export function pathReader(path: string, rpc: DescMethod, names?: Readonly<Record<string, string>>) {
  const parts = pathFields(path, rpc, names).map((part) => ({ ...part, fits: pathFits(part.field) }));
  return (params: unknown): Fields => {
    const found: Fields = {};
    for (const { name, field, fits } of parts) {
      const text = (params as Readonly<Record<string, string>>)[name] ?? '';
      if (!fits(text)) throw new DomainError('NOT_FOUND');
      assign(found, field, text);
    }
    return found;
  };
}

/** Fields of the request that a client may say besides those in the path. */
export function freeFields({ rpc, path, parameters, given = {} }: RpcRoute): readonly DescField[] {
  const taken = new Set(pathFields(path, rpc, parameters).map(({ field }) => field.localName));
  return rpc.input.fields.filter(({ localName }) => !taken.has(localName) && !(localName in given));
}

/** Whether a method carries a body. */
export const hasBody = (method: RpcRoute['method']): boolean => method !== 'GET' && method !== 'DELETE';

/** Makes the plan of a declaration; a declaration that does not fit its rpc stops the start. */
export function planOf(declared: RpcRoute, publicOrigin: string): RpcPlan {
  const { rpc, given = {}, cookies = {}, clears = [], redirect, status, finish } = declared;
  const readPath = pathReader(declared.path, rpc, declared.parameters);
  const free = freeFields(declared);
  const readRest = hasBody(declared.method) ? restOfBody(free, declared.bodyOptional === true) : restOfQuery(free);
  const fill = Object.entries(given) as [string, (exchange: Exchange) => unknown][];
  for (const [name] of fill) fieldNamed(rpc, 'input', name);
  const check = messageCheck(rpc.input);
  const write = status === 200 || status === 201 ? answerWriter(declared) : undefined;
  const sets = Object.entries(cookies) as [string, Cookie][];
  for (const name of [...Object.keys(cookies), ...(redirect === undefined ? [] : [redirect])])
    fieldNamed(rpc, 'output', name);

  return {
    request({ params, query, body }, exchange) {
      const fields = Object.assign(readPath(params), readRest(body, query));
      for (const [name, value] of fill) fields[name] = value(exchange);
      const message = create(rpc.input, fields as never);
      check(message as never);
      return message;
    },
    answer(message, exchange) {
      const values = message as Readonly<Record<string, string>>;
      if (clears.length > 0) exchange.forget();
      const json = write?.(message);
      return {
        status,
        ...(json && { json: finish ? finish.of(json as never, publicOrigin) : json }),
        cookies: [
          ...clears.map(clearCookie),
          // What a service of the release before does not know is not set, and not taken away either.
          ...sets.flatMap(([name, cookie]) => (values[name] ? [setCookie(cookie, values[name])] : [])),
        ],
        ...(redirect !== undefined && { location: values[redirect] ?? '' }),
      };
    },
  };
}

type ReadRest = (body: unknown, query: unknown) => Fields;

function restOfBody(free: readonly DescField[], optional: boolean): ReadRest {
  // Nothing to say: a body that comes all the same is nobody's.
  if (free.length === 0) return () => ({});
  const read = bodyReader(free);
  return (body) => {
    if (body === undefined && optional) return {};
    if (body === undefined) throw invalidArgument('body');
    return read(body);
  };
}

function restOfQuery(free: readonly DescField[]): ReadRest {
  const readers = free.map((field) => ({ name: field.jsonName, field, read: queryReader(field) }));
  return (_body, query) => {
    const given = (query ?? {}) as Readonly<Record<string, unknown>>;
    const found: Fields = {};
    for (const { name, field, read } of readers)
      // An empty text in a query is none: `?after=`.
      if (given[name] !== undefined && (given[name] !== '' || field.scalar !== ScalarType.STRING))
        assign(found, field, read(given[name], name));
    return found;
  };
}
