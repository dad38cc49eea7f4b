import { callScope } from '@conclave/messaging';
import { BoundedQueue, FairQueue, type Turn } from '@conclave/platform';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';

// identity-and-presence.md: m = 19456 KiB, t = 2, p = 1; 2 is Algorithm.Argon2id, a const enum that isolated modules cannot read.
const argon2id = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const limits = { inFlight: 2, waiting: 32, waitingOfPerson: 4, waitingOfNetwork: 16, retryAfterSeconds: 1 } as const;

/**
 * argon2id off the event loop, two at a time; a longer queue answers BUSY instead of eating the machine's memory. Whoever asks more than
 * others waits behind themselves, those whom the room knows have a lane of their own, and what nobody waits for is not done.
 */
@Injectable()
export class CodeHasher {
  private readonly queue = new FairQueue(limits);
  /** Codes are made by hosts, and by every removal: whoever fills the queue with guesses does not keep anybody in the room. */
  private readonly making = new BoundedQueue(1, 64);

  hash(canonicalCode: string): Promise<string> {
    return this.making.run(() => hash(canonicalCode, argon2id));
  }

  /** Runs `before` when its turn has come, so that what it charges is never charged for a place that was not got. */
  verify(codeHash: string, canonicalCode: string, turn: Turn, before: () => Promise<void>): Promise<boolean> {
    return this.queue.run({ ...turn, deadline: callScope.current()?.deadline }, async () => {
      await before();
      return verify(codeHash, canonicalCode);
    });
  }
}
