import type { Password } from './password.js';

/** Turns passwords into hashes and checks them; costly on purpose. */
export abstract class PasswordHasher {
  /** @throws DomainError BUSY when too many hashes wait already */
  abstract hash(password: Password): Promise<string>;

  /**
   * Whether a password belongs to a hash. Without a hash (there is no such account) the same work is done and the answer
   * is no, so that time tells nothing.
   *
   * @throws DomainError BUSY when too many hashes wait already
   */
  abstract verify(password: Password, hash: string | undefined): Promise<boolean>;
}
