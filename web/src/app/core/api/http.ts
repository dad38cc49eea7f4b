import { inject, Injectable, InjectionToken } from '@angular/core';
import { pageLanguage } from '../locale/page-language';
import { deviceNow, hearServerTime } from '../time/server-clock';
import type { JoinTrace } from './join-trace';
import { noAnswer, parseProblem } from './problem';
import { Unanswered } from './unanswered';

/** The browser's fetch, replaceable in tests. */
export const FETCH = new InjectionToken<typeof fetch>('FETCH', { factory: () => (input, init) => fetch(input, init) });

/** Where every route starts; always our own origin. */
export const API_ROOT = '/api/v1';

/** Headers that tell the gateway the call comes from our page and not from a form elsewhere. */
export const OUR_PAGE = { 'X-Conclave': '1' } as const;

const DEADLINE_MS = 20_000;

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What may go with a call. */
export interface CallOptions {
  readonly body?: unknown;
  /** The call makes something: asked for again after a lost answer, it counts once. */
  readonly once?: boolean;
  /** The key for that, where the caller keeps one of its own. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** Reaches the server although the page goes away. */
  readonly keepalive?: boolean;
  /** Makes the call a part of a trace, and learns whether the server records it. */
  readonly trace?: JoinTrace;
}

/** Calls the API and turns every refusal into an ApiProblem. Knows no route. */
@Injectable({ providedIn: 'root' })
export class Http {
  private readonly fetch = inject(FETCH);
  private readonly unanswered = new Unanswered();
  /** Set by the session: hears that the server no longer knows us. */
  onSignedOut: () => void = () => undefined;

  async call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
    if (!options.once || options.idempotencyKey) return this.ask(method, path, options);
    const wish = `${method} ${path} ${JSON.stringify(options.body)}`;
    const idempotencyKey = this.unanswered.take(wish);
    try {
      return await this.ask(method, path, { ...options, idempotencyKey });
    } catch (error) {
      this.unanswered.failed(wish, idempotencyKey, error);
      throw error;
    }
  }

  /** Nobody is signed in any longer: what this one asked for is not the next one's. */
  forget(): void {
    this.unanswered.forget();
  }

  private async ask<T>(method: Method, path: string, options: CallOptions): Promise<T> {
    const response = await this.send(method, path, options);
    if (options.trace) options.trace.recorded = response.headers.get('traceresponse')?.endsWith('-01') ?? false;
    const body: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
    if (response.ok) return body as T;
    const problem = parseProblem(response.status, body, response.headers.get('Retry-After'));
    if (problem.reason === 'UNAUTHENTICATED') this.onSignedOut();
    throw problem;
  }

  private async send(method: Method, path: string, options: CallOptions): Promise<Response> {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    // The language that is chosen here, which need not be the browser's: messages are written in it.
    const headers: Record<string, string> = {
      ...OUR_PAGE,
      Accept: 'application/json',
      'Accept-Language': pageLanguage(),
    };
    if (options.body !== undefined) headers['Content-Type'] = 'application/json';
    if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
    if (options.trace) headers['traceparent'] = options.trace.traceparent;
    const askedAt = deviceNow();
    try {
      const response = await this.fetch(API_ROOT + path, {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        ...(options.keepalive && { keepalive: true }),
        signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
      });
      hearServerTime(response.headers.get('Date'), askedAt);
      return response;
    } catch (cause) {
      throw noAnswer(cause);
    }
  }
}
