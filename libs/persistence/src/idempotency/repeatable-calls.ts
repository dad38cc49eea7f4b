import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, type ErrorReason } from '@conclave/errors';
import { RepeatableStore, type RepeatableCall } from '@conclave/messaging';
import type { Logger } from '@conclave/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Transaction } from '../transaction/transaction.js';
import { AnswerSeal } from './answer-seal.js';
import { repeatableScope, type RepeatableScope } from '../transaction/repeatable-scope.js';

const lookEveryMs = 25;
const forgetEveryMs = 60 * 60_000;
const rememberHours = 24;

/** Another call with this key was first. */
class AlreadyClaimed extends DomainError {
  constructor() {
    super('CONFLICT', { details: { field: 'Idempotency-Key' } });
  }
}

const broken: ReadonlySet<ErrorReason> = new Set(['INTERNAL', 'UNAVAILABLE', 'DEADLINE_EXCEEDED']);
const isRefusal = (error: unknown): boolean => error instanceof DomainError && !broken.has(error.reason);

interface Row {
  readonly hash: string;
  readonly response: string | null;
}

/**
 * Calls that make something, once per key, through the table `idempotency`. The key is claimed in the first transaction of the
 * handler, so the claim and the effect are one commit, in any number of replicas; the answer is kept, sealed, once it is known.
 * A process that dies between the two leaves a claim without an answer: its repeat is a CONFLICT, never a second effect.
 */
export class RepeatableCalls extends RepeatableStore implements OnApplicationShutdown {
  private readonly seal: AnswerSeal;
  private readonly sweep: NodeJS.Timeout;

  constructor(
    private readonly transaction: Transaction,
    secret: Uint8Array,
    logger: Logger,
  ) {
    super();
    this.seal = new AnswerSeal(secret);
    const forget = (): void =>
      void this.forget().catch((error: unknown) => logger.warn('repeatable calls not forgotten', { error }));
    this.sweep = setInterval(forget, forgetEveryMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweep);
  }

  async once(call: RepeatableCall, work: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const place = [call.userId, call.method, this.seal.placeOf(call)];
    const hash = this.seal.hashOf(call.request);
    for (;;) {
      const known = await this.find(place);
      if (known) {
        const answer = await this.answerOf(call, place, hash, known);
        if (answer) return answer;
        // It was refused meanwhile, and refusals are not remembered: this one is the first now.
        continue;
      }
      try {
        return await this.first(call, place, hash, work);
      } catch (error) {
        if (!(error instanceof AlreadyClaimed)) throw error;
      }
    }
  }

  /** Forgets calls of more than a day ago. */
  async forget(): Promise<void> {
    await this.transaction.run((em) =>
      em.execute('delete from idempotency where created_at < now() - make_interval(hours => ?)', [rememberHours]),
    );
  }

  private async first(
    call: RepeatableCall,
    place: string[],
    hash: Buffer,
    work: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const scope: RepeatableScope = {
      owner: this.transaction,
      claimed: false,
      claim: (em) => claim(em, place, hash),
    };
    let answer: Uint8Array;
    try {
      answer = await repeatableScope.run(scope, work);
    } catch (error) {
      // Only a refusal says that nothing came of it. After anything else nobody knows, and the claim stays.
      if (scope.claimed && isRefusal(error)) await this.release(place);
      throw error;
    }
    // What wrote nothing has nothing to repeat.
    if (scope.claimed) await this.keep(place, this.seal.seal(call, hash, answer));
    return answer;
  }

  /** The answer of the first call, waited for; undefined where it came to nothing. */
  private async answerOf(
    call: RepeatableCall,
    place: string[],
    hash: Buffer,
    known: Row,
  ): Promise<Uint8Array | undefined> {
    for (let row: Row | undefined = known; row; row = await this.find(place)) {
      if (row.hash !== hash.toString('hex')) throw new AlreadyClaimed();
      if (row.response !== null) return this.seal.open(call, hash, Buffer.from(row.response, 'base64'));
      if (Date.now() + lookEveryMs >= call.deadline.getTime()) throw new AlreadyClaimed();
      await pause(lookEveryMs);
    }
    return undefined;
  }

  private async find(place: string[]): Promise<Row | undefined> {
    const [row] = await this.transaction.run((em) =>
      em.execute<Row[]>(
        `select encode(request_hash, 'hex') as hash, encode(response, 'base64') as response
           from idempotency where (principal, method, key) = (?, ?, ?)`,
        place,
      ),
    );
    return row;
  }

  private async keep(place: string[], sealed: Buffer): Promise<void> {
    await this.transaction.run((em) =>
      em.execute(
        `update idempotency set response = decode(?, 'base64') where (principal, method, key) = (?, ?, ?)`,
        [sealed.toString('base64'), ...place],
        'run',
      ),
    );
  }

  private async release(place: string[]): Promise<void> {
    await this.transaction.run((em) =>
      em.execute('delete from idempotency where (principal, method, key) = (?, ?, ?)', place, 'run'),
    );
  }
}

/** Whoever comes second waits here for the first to commit or to roll back. */
async function claim(em: EntityManager, place: string[], hash: Buffer): Promise<void> {
  const [mine] = await em.execute<unknown[]>(
    `insert into idempotency (principal, method, key, request_hash) values (?, ?, ?, decode(?, 'hex'))
     on conflict do nothing returning 1 as mine`,
    [...place, hash.toString('hex')],
  );
  if (!mine) throw new AlreadyClaimed();
}
