import { inject, Injectable } from '@angular/core';
import type { ErrorReason } from '@conclave/errors';
import { Api } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { stopwatch } from '../../core/time/server-clock';

/** What became of waiting before a door; `gone`: there is no such door any longer. */
export type Word = 'admitted' | 'denied' | 'expired' | 'gone' | 'cancelled';

/** The server holds a question until there is something to say. Where it answers sooner it is asked no more often than this. */
const SOONEST_AGAIN_MS = 2_500;

/** A gateway of the release before does not know the question, and one holds only so many of one person: then it is asked as it is. */
const NOT_HELD: ReadonlySet<ErrorReason> = new Set(['NOT_FOUND', 'RATE_LIMITED']);

/** Waits for what a host says to somebody who has asked to come in. They have no place in the room, and so no socket about it. */
@Injectable()
export class HostsWord {
  private readonly api = inject(Api);
  private waiting = new AbortController();

  /** Until there is a word, or nobody waits for it any more. A server that does not answer changes nothing. */
  async wait(slug: string): Promise<Word> {
    this.stop();
    const { signal } = (this.waiting = new AbortController());
    for (;;) {
      const askedAt = stopwatch();
      const word = await this.ask(slug, signal);
      if (signal.aborted) return 'cancelled';
      if (word !== 'waiting') return word;
      await pause(SOONEST_AGAIN_MS - (stopwatch() - askedAt), signal);
      if (signal.aborted) return 'cancelled';
    }
  }

  /** Nobody waits here any more. */
  stop(): void {
    this.waiting.abort();
  }

  private async ask(slug: string, signal: AbortSignal): Promise<Word | 'waiting'> {
    try {
      return (await this.held(slug, signal)).state;
    } catch (error) {
      const { reason } = asProblem(error);
      if (reason === 'NOT_FOUND') return 'gone';
      return reason === 'UNAUTHENTICATED' ? 'cancelled' : 'waiting';
    }
  }

  private async held(slug: string, signal: AbortSignal) {
    try {
      return await this.api.hostsWord(slug, { signal });
    } catch (error) {
      if (!NOT_HELD.has(asProblem(error).reason)) throw error;
      return this.api.ownRequest(slug, { signal });
    }
  }
}

/** Ends early with the waiting. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
