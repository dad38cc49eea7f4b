import { callScope } from '@conclave/messaging';
import { FairQueue, type Turn } from '@conclave/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { AuthMetrics } from '../metrics/auth-metrics.js';
import type { Password } from './password.js';

/** OWASP's first choice for argon2id. `algorithm` 2 is argon2id; its enum is a const one, which isolated modules cannot read. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Two hashes run, so that calls that need no hash still get a core; 32 wait about a second, half of them from one network at most, and as
 * many more of people whose browser is known; then BUSY.
 */
const limits = { inFlight: 2, waiting: 32, waitingOfPerson: 4, waitingOfNetwork: 16, retryAfterSeconds: 2 } as const;

/**
 * Turns passwords into hashes and checks them; costly on purpose. argon2id on the thread pool, behind a bounded queue: a flood of
 * sign-ins costs those who flood, not the process.
 */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private readonly queue = new FairQueue(limits);
  private nobody: Promise<string> | undefined;

  constructor(private readonly metrics: AuthMetrics) {}

  /** The hash that unknown accounts are checked against is made before the first caller could measure it. */
  async onModuleInit(): Promise<void> {
    await this.hashOfNobody();
  }

  /** @throws DomainError BUSY when too many hashes wait already */
  hash(password: Password, turn: Turn): Promise<string> {
    return this.work(turn, () => hash(password, parameters));
  }

  /**
   * Whether a password belongs to a hash. Without a hash (there is no such account) the same work is done and the answer
   * is no, so that time tells nothing.
   *
   * @throws DomainError BUSY when too many hashes wait already
   */
  async verify(password: Password, stored: string | undefined, turn: Turn): Promise<boolean> {
    const against = stored ?? (await this.hashOfNobody());
    const matches = await this.work(turn, () => verify(against, password));
    return matches && stored !== undefined;
  }

  private hashOfNobody(): Promise<string> {
    return (this.nobody ??= hash(randomBytes(32), parameters));
  }

  /** What the caller has given up on is not hashed any more. */
  private work<T>(turn: Turn, task: () => Promise<T>): Promise<T> {
    return this.queue.run({ ...turn, deadline: callScope.current()?.deadline }, async () => {
      const done = this.metrics.hashStarted();
      try {
        return await task();
      } finally {
        done();
      }
    });
  }
}
