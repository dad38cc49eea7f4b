import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';

/** How secrets of 256 bits are stored: HMAC-SHA-256 under the pepper, which no database dump holds. */
@Injectable()
export class TokenDigest {
  private readonly key: KeyObject;

  constructor(@Inject(configToken) { TOKEN_PEPPER }: Pick<Config, 'TOKEN_PEPPER'>) {
    this.key = createSecretKey(TOKEN_PEPPER);
  }

  /** The 32 bytes to store or look up. Tokens of different kinds never meet: each kind has a prefix of its own. */
  of(token: string): Buffer {
    return createHmac('sha256', this.key).update(token, 'utf8').digest();
  }

  /** Whether a token is the stored one, in constant time. */
  matches(token: string, stored: Uint8Array): boolean {
    const digest = this.of(token);
    return digest.length === stored.length && timingSafeEqual(digest, stored);
  }
}
