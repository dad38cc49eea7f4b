import type { CallOptions } from '@conclave/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Caller } from '../session/session-resolver.js';
import type { LimitClass } from './rate-limits.js';

/** Who may use a route: anybody, or a person who is signed in. What they may do there, the service decides. */
export type Access = 'public' | 'signed-in';

/** Verbs of the API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a handler gets to know besides the validated parts. */
export interface Exchange {
  /** Options for the typed client: the caller's principal and the idempotency key; the trace follows by itself. */
  readonly call: CallOptions;
  /** Who calls; on a public route nobody, so only signed-in routes may read it. */
  readonly caller: Caller;
  /** Address and browser, for throttles and the list of sessions. */
  readonly client: { readonly address: string; readonly userAgent: string };
  /** The browser's session. */
  readonly session: {
    /** Sets the cookie. */
    start(token: string): void;
    /** Clears the cookie and forgets what we know of it. */
    end(): void;
  };
}

/** The validated parts of a request. */
export type Parts<P, Q, B> = Exchange & {
  readonly params: Infer<P>;
  readonly query: Infer<Q>;
  readonly body: Infer<B>;
};

type Infer<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Answer<R> = R extends z.ZodType ? z.input<R> : undefined;

interface Common<P, Q> {
  readonly method: Method;
  /** Under /api/v1, as OpenAPI writes it: `/rooms/{slug}`. */
  readonly path: `/${string}`;
  readonly access: Access;
  readonly limit: LimitClass;
  /** One sentence for the documentation. */
  readonly says: string;
  /** A value that does not fit these answers like an unknown one: NOT_FOUND. */
  readonly params?: P;
  readonly query?: Q;
}

/** A route with JSON in and out; `handle` is one delegating line. */
export interface JsonRoute<P = unknown, Q = unknown, B = unknown, R = unknown> extends Common<P, Q> {
  readonly kind: 'json';
  readonly body?: B;
  readonly status: 200 | 201 | 204;
  readonly answer?: R;
  readonly handle: (parts: Parts<P, Q, B>) => Promise<Answer<R>>;
}

/** A route that handles its bytes itself: file content, documents. */
export interface StreamRoute<P = unknown, Q = unknown> extends Common<P, Q> {
  readonly kind: 'stream';
  readonly status: 200 | 201 | 204;
  /** Media type of the request's body; without it there is none. */
  readonly accepts?: string;
  /** Media type of the answer. */
  readonly gives?: string;
  readonly answer?: z.ZodType;
  /** Headers a client must or may send, for the documentation. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Set where a browser sends by itself and cannot add our header; such a route may change nothing. */
  readonly anyOrigin?: true;
  readonly handle: (parts: Parts<P, Q, undefined>, request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

/** Any route of the API. */
export type Route = JsonRoute | StreamRoute;

/** Declares a JSON route; the types of its parts follow from its schemas. */
export const route = <
  const P extends z.ZodType | undefined = undefined,
  const Q extends z.ZodType | undefined = undefined,
  const B extends z.ZodType | undefined = undefined,
  const R extends z.ZodType | undefined = undefined,
>(
  declared: Omit<JsonRoute<P, Q, B, R>, 'kind'>,
): Route => ({ ...declared, kind: 'json' }) as unknown as Route;

/** Declares a route that streams. */
export const streamRoute = <
  const P extends z.ZodType | undefined = undefined,
  const Q extends z.ZodType | undefined = undefined,
>(
  declared: Omit<StreamRoute<P, Q>, 'kind'>,
): Route => ({ ...declared, kind: 'stream' }) as unknown as Route;

/** A feature's routes; every provider of this class's kind is collected at boot. */
export interface RouteSource {
  readonly routes: readonly Route[];
}
