import { DomainError } from '@conclave/errors';

/** For whom a piece of heavy work is, and until when anybody wants its answer. */
export interface Turn {
  /** Who asks; empty where that is not known. */
  readonly person: string;
  /** From where; empty where that is not known. */
  readonly network: string;
  /** Somebody whom we know: they have a lane of their own, which no crowd of strangers fills. */
  readonly known: boolean;
  /** Work past it is not begun. */
  readonly deadline?: Date | undefined;
}

/** How many may run and wait. */
export interface FairQueueLimits {
  readonly inFlight: number;
  /** In each of the two lanes. */
  readonly waiting: number;
  /** Of one person, in both lanes. */
  readonly waitingOfPerson: number;
  /** Of one network, among strangers. */
  readonly waitingOfNetwork: number;
  readonly retryAfterSeconds: number;
}

interface Waiting extends Turn {
  begin(): void;
  drop(): void;
}

/**
 * Lets heavy work run a few at a time. Two lanes, one for those we know, take turns; among strangers networks take turns, so that
 * whoever asks a thousand times waits behind themselves. What nobody waits for any longer is dropped and not done.
 */
export class FairQueue {
  private running = 0;
  private readonly known: Waiting[] = [];
  /** By network, in the order of their turns. */
  private readonly strangers = new Map<string, Waiting[]>();
  private readonly persons = new Map<string, number>();
  private strangersCount = 0;
  private knownNext = true;

  constructor(
    private readonly limits: FairQueueLimits,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws DomainError BUSY where too many wait already, DEADLINE_EXCEEDED where its turn came too late */
  async run<T>(turn: Turn, work: () => Promise<T>): Promise<T> {
    if (this.running < this.limits.inFlight) this.running += 1;
    else await this.wait(turn);
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  private wait(turn: Turn): Promise<void> {
    const { waiting, waitingOfPerson, waitingOfNetwork, retryAfterSeconds } = this.limits;
    const lane = turn.known ? this.known : (this.strangers.get(turn.network) ?? []);
    const full = turn.known ? this.known.length >= waiting : this.strangersCount >= waiting;
    const crowds = !turn.known && turn.network !== '' && lane.length >= waitingOfNetwork;
    const insists = turn.person !== '' && (this.persons.get(turn.person) ?? 0) >= waitingOfPerson;
    if (full || crowds || insists)
      throw new DomainError('BUSY', { retryAfterSeconds, message: full ? 'queue full' : 'share of the queue used up' });
    return new Promise((resolve, reject) => {
      lane.push({ ...turn, begin: resolve, drop: () => reject(new DomainError('DEADLINE_EXCEEDED')) });
      if (!turn.known) {
        this.strangers.set(turn.network, lane);
        this.strangersCount += 1;
      }
      this.persons.set(turn.person, (this.persons.get(turn.person) ?? 0) + 1);
    });
  }

  /** The place passes straight to the next in line, so nobody who comes now can overtake. */
  private passOn(): void {
    for (let next = this.take(); next; next = this.take()) {
      if (next.deadline === undefined || next.deadline.getTime() > this.now()) return next.begin();
      next.drop();
    }
    this.running -= 1;
  }

  private take(): Waiting | undefined {
    const first = this.knownNext ? this.takeKnown() : this.takeStranger();
    const next = first ?? (this.knownNext ? this.takeStranger() : this.takeKnown());
    this.knownNext = !next?.known;
    if (!next) return undefined;
    const left = (this.persons.get(next.person) ?? 1) - 1;
    if (left > 0) this.persons.set(next.person, left);
    else this.persons.delete(next.person);
    return next;
  }

  private takeKnown(): Waiting | undefined {
    return this.known.shift();
  }

  private takeStranger(): Waiting | undefined {
    for (const [network, lane] of this.strangers) {
      // To the end of the round, or out of it.
      this.strangers.delete(network);
      const next = lane.shift();
      if (lane.length > 0) this.strangers.set(network, lane);
      if (!next) continue;
      this.strangersCount -= 1;
      return next;
    }
    return undefined;
  }
}
