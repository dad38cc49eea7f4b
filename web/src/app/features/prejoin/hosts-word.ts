import { inject, Injectable } from '@angular/core';
import { Api } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';

/** What became of waiting before a door. */
export type Word = 'admitted' | 'denied' | 'expired' | 'cancelled';

/** Who waits has no place in the room yet, and so no socket about it. */
const ASK_AGAIN_MS = 2_500;

/** Waits for what a host says to somebody who has asked to come in. */
@Injectable()
export class HostsWord {
  private readonly api = inject(Api);
  private stopped: (() => void) | undefined;

  /** Until there is a word, or nobody waits for it any more. A server that does not answer changes nothing. */
  async wait(slug: string): Promise<Word> {
    this.stop();
    let over = false;
    const stop = new Promise<void>((resolve) => (this.stopped = () => ((over = true), resolve())));
    for (;;) {
      await Promise.race([stop, new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))]);
      if (over) return 'cancelled';
      const word = await this.ask(slug);
      if (over) return 'cancelled';
      if (word !== 'waiting') return word;
    }
  }

  /** Nobody waits here any more. */
  stop(): void {
    this.stopped?.();
    this.stopped = undefined;
  }

  private async ask(slug: string): Promise<Word | 'waiting'> {
    try {
      return (await this.api.ownRequest(slug)).state;
    } catch (error) {
      const { reason } = asProblem(error);
      if (reason === 'NOT_FOUND') return 'expired';
      return reason === 'UNAUTHENTICATED' ? 'cancelled' : 'waiting';
    }
  }
}
