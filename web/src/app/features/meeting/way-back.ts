import { inject, Injectable, signal } from '@angular/core';
import { isErrorReason } from '@conclave/errors';
import { Api, type Door, type EnterAnswer as Entry } from '../../core/api/api';
import { ApiProblem, asProblem } from '../../core/api/problem';
import { backoffMs } from '../../core/events/backoff';
import { stopwatch } from '../../core/time/server-clock';
import { causeOfRefusal, causeOfStay, type EndCause } from './end-cause';
import { MeetingRoom } from './meeting-room';
import { givesUpAfterMs } from './reconnect-policy';

const LONGEST_PAUSE_MS = 4_000;

/** What came of looking after a stay. */
export type Outcome =
  | { readonly kind: 'over'; readonly cause: EndCause }
  /** Nothing is wrong with it. */
  | { readonly kind: 'stands' }
  /** Back inside, by this entry. */
  | { readonly kind: 'back'; readonly entry: Entry };

interface Stay {
  readonly slug: string;
  readonly entry: Entry;
  /** Its ticket has failed once: the next way in is a new entry. */
  readonly spent: boolean;
}

/** What the door says: the stay is over, it goes on, one is outside and may enter, or there was no answer. */
type Word =
  | { readonly kind: 'over'; readonly cause: EndCause }
  | { readonly kind: 'goes-on' | 'may-enter' }
  | { readonly kind: 'silent'; readonly answered: boolean; readonly waitMs: number };

/**
 * The way back into a meeting that was cut off, without anybody doing anything: the door is asked whether the stay goes on, and
 * as long as it lets one in, it is tried again, with pauses that grow. Nothing is concluded from how the connection broke.
 */
@Injectable()
export class WayBack {
  private readonly api = inject(Api);
  private readonly room = inject(MeetingRoom);
  private stay: Stay | null = null;
  private looking = false;

  /** One is outside and on the way back in. */
  readonly coming = signal(false);

  begin(slug: string, entry: Entry): void {
    this.stay = { slug, entry, spent: false };
  }

  end(): void {
    this.stay = null;
    this.coming.set(false);
  }

  /**
   * Finds out what has become of the stay, and comes back in where it was cut off. Null where somebody looks already, or there is
   * nothing to look after any longer.
   * @param outside called once, as soon as it is known that one is outside and will try to come back
   */
  async look(outside: () => void): Promise<Outcome | null> {
    if (this.looking || !this.stay) return null;
    this.looking = true;
    try {
      return await this.follow(outside);
    } finally {
      this.looking = false;
      this.coming.set(false);
    }
  }

  /** Asks once whether the stay is over, and why. Null where it goes on, or nobody can say. */
  async over(): Promise<EndCause | null> {
    const word = this.stay && (await this.askDoor(this.stay));
    return word?.kind === 'over' ? word.cause : null;
  }

  private async follow(outside: () => void): Promise<Outcome | null> {
    let outsideSince = 0;
    for (let tries = 0; this.stay; tries++) {
      const word = await this.askDoor(this.stay);
      if (!this.stay) return null;
      if (word.kind === 'over') return word;
      const connected = this.room.state() === 'connected' || this.room.state() === 'reconnecting';
      if (word.kind === 'goes-on' && connected) return { kind: 'stands' };
      const answered = word.kind !== 'silent' || word.answered;
      if (!this.coming() && (!connected || word.kind === 'may-enter')) {
        this.coming.set(true);
        outsideSince = stopwatch();
        outside();
      }
      const came =
        word.kind === 'silent' || !this.coming() ? null : await this.tryToCome(this.stay, word.kind === 'goes-on');
      if (came) return came;
      if (this.coming() && stopwatch() - outsideSince > givesUpAfterMs)
        return { kind: 'over', cause: answered ? 'server' : 'network' };
      await pause(Math.max(backoffMs(tries, Math.random, LONGEST_PAUSE_MS), word.kind === 'silent' ? word.waitMs : 0));
    }
    return null;
  }

  /** With the ticket while it serves, by a new entry otherwise. Null where it has to be tried again. */
  private async tryToCome(stay: Stay, goesOn: boolean): Promise<Outcome | null> {
    const { slug, entry: before, spent } = stay;
    try {
      const anew = spent || !goesOn;
      const entry = anew ? await this.api.enter(slug, {}) : before;
      if (!this.stay) return null;
      this.stay = { slug, entry, spent: true };
      // One person is inside once: the place that was lost is given back.
      if (anew && goesOn) void this.api.leave(slug, { joinId: before.joinId }).catch(() => undefined);
      await this.room.comeBack(entry);
      if (!this.stay) return null;
      this.begin(slug, entry);
      return { kind: 'back', entry };
    } catch (error) {
      if (!(error instanceof ApiProblem)) return null;
      const cause = causeOfRefusal(error);
      return cause && { kind: 'over', cause };
    }
  }

  private async askDoor({ slug, entry: { joinId } }: Stay): Promise<Word> {
    let door: Door;
    try {
      door = await this.api.door(slug, { joinId });
    } catch (error) {
      const problem = asProblem(error);
      const cause = causeOfRefusal(problem);
      if (cause) return { kind: 'over', cause };
      return { kind: 'silent', answered: !problem.offline, waitMs: (problem.retryAfterSeconds ?? 0) * 1_000 };
    }
    const cause = door.lastStay && causeOfStay(door.lastStay.reason);
    if (cause) return { kind: 'over', cause };
    if (door.standing === 'refused') {
      const reason = door.reason && isErrorReason(door.reason) ? door.reason : 'NOT_INVITED';
      return { kind: 'over', cause: causeOfRefusal(new ApiProblem(reason)) ?? 'interrupted' };
    }
    return { kind: door.lastStay ? 'may-enter' : 'goes-on' };
  }
}

/** Waits, and no longer than until the network is back. */
const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener('online', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    addEventListener('online', over);
  });
