import type { DescMethod, MessageShape } from '@conclave/contracts';
import type { CallOptions } from '@conclave/messaging';
import type { Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { BodyPace } from '../connections/body-clock.js';
import type { Caller } from '../session/session-resolver.js';
import type { Cookie } from '../session/cookies.js';
import type { LimitClass } from './rate-limits.js';

/** Who may use a route: anybody, or a person who is signed in. What they may do there, the service decides. */
export type Access = 'public' | 'signed-in';

/** Verbs of the API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** What is known of a request besides its parts. */
export interface Exchange {
  /** Options for the typed client: the caller's principal and, where it counts, the idempotency key. */
  readonly call: CallOptions;
  /** Who calls; on a public route nobody, so only signed-in routes may read it. */
  readonly caller: Caller;
  /** Address and browser, for throttles and the list of sessions; the languages that it reads, for mail. */
  readonly client: { readonly address: string; readonly userAgent: string; readonly language: string };
  /** The value of a cookie of ours. */
  readonly cookie: (cookie: Cookie) => string | undefined;
  /** Forgets what we know of the session that the request came with. */
  readonly forget: () => void;
}

interface Common {
  /** What generated clients call it. */
  readonly name: string;
  readonly method: Method;
  /** Under /api/v1, as OpenAPI writes it: `/rooms/{slug}`. */
  readonly path: `/${string}`;
  readonly access: Access;
  readonly limit: LimitClass;
}

/** Fields of a message. */
export type FieldOf<Desc extends DescMethod['input']> = Exclude<keyof MessageShape<Desc>, '$typeName' | '$unknown'> &
  string;

/** Which part of the response is the answer; without it, all fields are. */
export type AnswerOf<Desc extends DescMethod['output']> =
  /** The one message in it. */
  | FieldOf<Desc>
  /** A page: that list as `items`, the cursor as `next`, and the other fields beside them. */
  | { readonly items: FieldOf<Desc> }
  /** The fields of that message and the other fields, in one object that has this name in documents. */
  | { readonly flat: FieldOf<Desc>; readonly named: string };

/** What HTTP adds to an answer, by hand: properties that no service knows. */
export interface Finish {
  /** JSON Schema of what is added. */
  readonly properties: Readonly<Record<string, object>>;
  readonly of: (answer: never, publicOrigin: string) => object;
}

/**
 * A route that is one rpc: request and answer, their checks and their document all come from its descriptor. Path parameters
 * are fields of the request by name; the others are the body's, or the query's where there is no body.
 */
export interface RpcRoute<M extends DescMethod = DescMethod> extends Common {
  readonly kind: 'rpc';
  readonly rpc: M;
  /** 204 answers nothing, 303 sends the browser to the address in `redirect`. */
  readonly status: 200 | 201 | 204 | 303;
  /** Path parameters that are called otherwise than their fields. */
  readonly parameters?: Readonly<Record<string, FieldOf<M['input']>>>;
  /** Fields that we fill in, never the client. */
  readonly given?: { readonly [F in FieldOf<M['input']>]?: (exchange: Exchange) => unknown };
  /** Set where every field of the body may be left out, and so may the body. */
  readonly bodyOptional?: true;
  /** The field that names an account: calls count by it and their address, and not by the address alone. */
  readonly account?: FieldOf<M['input']>;
  readonly answer?: AnswerOf<M['output']>;
  readonly finish?: Finish;
  /** Fields that go into cookies and nowhere else. */
  readonly cookies?: { readonly [F in FieldOf<M['output']>]?: Cookie };
  /** Cookies that end with this call. */
  readonly clears?: readonly Cookie[];
  /** The field that holds the address to go to. */
  readonly redirect?: FieldOf<M['output']>;
}

/** Handles what a route by hand is about; a provider of its feature's module. */
export interface RouteHandler<Parts = StreamParts> {
  handle(parts: Parts, request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** What the handler of a stream gets. */
export type StreamParts<Params = unknown> = Exchange & { readonly params: Params };

interface ByHand extends Common {
  /** One sentence for the documentation. */
  readonly says: string;
}

/** A route by hand, for JSON that no service takes. */
export interface JsonRoute extends ByHand {
  readonly kind: 'json';
  readonly body: z.ZodType;
  readonly status: 204;
  readonly handler: Type<RouteHandler<Exchange & { readonly body: never }>>;
}

/** A route by hand, for bytes: file content, documents. */
export interface StreamRoute extends ByHand {
  readonly kind: 'stream';
  /** The rpc that opens the stream: its request names the path parameters, and its idempotency is the route's. */
  readonly rpc?: DescMethod;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly status: 200 | 201 | 204;
  /** Media type of the request's body; without it there is none. */
  readonly accepts?: string;
  /** How fast the body must come; without it, as fast as any. */
  readonly pace?: BodyPace;
  /** Media type of the answer. */
  readonly gives?: string;
  /** The message that is the answer. */
  readonly answer?: DescMethod['output'];
  /** Headers a client must or may send, for the documentation. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Set where a browser sends by itself and cannot add our header; such a route may change nothing. */
  readonly anyOrigin?: true;
  readonly handler: Type<RouteHandler<never>>;
}

/** Any route of the API. */
export type Route = RpcRoute | JsonRoute | StreamRoute;

/** Declares a route that is one rpc. */
export const rpcRoute = <const M extends DescMethod>(declared: Omit<RpcRoute<M>, 'kind'>): Route =>
  ({ ...declared, kind: 'rpc' }) as unknown as Route;

/** Declares a route by hand that takes JSON. */
export const jsonRoute = <B extends z.ZodType>(
  declared: Omit<JsonRoute, 'kind' | 'body' | 'handler'> & {
    readonly body: B;
    readonly handler: Type<RouteHandler<Exchange & { readonly body: z.output<B> }>>;
  },
): Route => ({ ...declared, kind: 'json' }) as unknown as Route;

/** Declares a route by hand that streams. */
export const streamRoute = (declared: Omit<StreamRoute, 'kind'>): Route => ({ ...declared, kind: 'stream' });
