import type { ClientRequest, IncomingMessage } from 'node:http';
import { DomainError, invalidArgument, type ErrorReason } from '@conclave/errors';
import { Injectable } from '@nestjs/common';
import { HttpRefusal } from '../../http/problem.js';
import { LiveConnections, refusalOfCut, type LivePlace } from '../../live/live-connections.js';
import type { Caller } from '../../session/session-resolver.js';

/** A body on its way to files. */
export interface BodyInHand {
  /** Fires when it is over, whoever ended it: its sender, or somebody who may not send any more. */
  readonly over: AbortSignal;
  /** What it stands on; cut with it. */
  readonly place: LivePlace;
}

/** Where a body is piped into, and what comes of it. */
export interface Sending<T> {
  readonly into: ClientRequest;
  readonly done: Promise<T>;
}

/** Takes bodies from browsers to files; nothing is kept here. */
@Injectable()
export class BodyToFiles {
  constructor(private readonly live: LiveConnections) {}

  /**
   * Holds a place for a request's body while `work` runs. What the request says of itself is read by `prepare`, before a place is taken.
   */
  async hold<T, P>(
    { userId, credentialId }: Caller,
    body: IncomingMessage,
    prepare: () => P,
    work: (hand: BodyInHand, prepared: P) => Promise<T>,
  ): Promise<T> {
    let place: LivePlace | undefined;
    const over = new AbortController();
    const stop = (reason: ErrorReason): void => over.abort(new DomainError(reason));
    // Fewer bytes than declared, or a closed tab: the request ends without being complete, whatever we wait for just then.
    const onClose = (): void => void (body.complete || stop('UPLOAD_ABORTED'));
    body.on('close', onClose);
    body.on('error', onClose);
    if (body.destroyed) onClose();
    try {
      const prepared = prepare();
      place = this.live.reserve({ kind: 'upload', userId, credentialId });
      place.whenCut((why) => stop(refusalOfCut[why]));
      over.signal.throwIfAborted();
      return await work({ over: over.signal, place }, prepared);
    } finally {
      place?.release();
      body.off('close', onClose);
    }
  }

  /** Pipes the body into what `begin` opens. */
  async send<T>(body: IncomingMessage, over: AbortSignal, begin: () => Sending<T>): Promise<T> {
    over.throwIfAborted();
    const { into, done } = begin();
    const onOver = (): void => void body.unpipe(into);
    over.addEventListener('abort', onOver);
    body.pipe(into);
    try {
      return await done;
    } finally {
      over.removeEventListener('abort', onOver);
      body.unpipe(into);
      if (!into.writableFinished) into.destroy();
    }
  }
}

/** How long a body says it is. @throws HttpRefusal 411 where it does not say */
export function declaredSize({ headers }: IncomingMessage): number {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (length === undefined || encoding !== undefined)
    throw new HttpRefusal(411, 'INVALID_ARGUMENT', { field: 'Content-Length' });
  return byteCount('Content-Length', length);
}

/** A number of bytes in a header. @throws DomainError INVALID_ARGUMENT */
export function byteCount(name: string, text: string | string[] | undefined): number {
  const count = Number(text);
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text) || !Number.isSafeInteger(count)) throw invalidArgument(name);
  return count;
}
