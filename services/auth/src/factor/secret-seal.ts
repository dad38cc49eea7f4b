import { hkdfSync } from 'node:crypto';
import { openBox, sealBox } from '@conclave/platform';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';

/** Whose secret it is, and which. */
export interface SecretPlace {
  readonly userId: string;
  readonly factorId: string;
}

/**
 * Seals secrets that must be read again, such as that of an authenticator app: a box under HKDF-SHA-256 (RFC 5869) of the pepper, one key for
 * each row. What is copied to another row does not open there.
 */
@Injectable()
export class SecretSeal {
  private readonly pepper: Uint8Array;

  constructor(@Inject(configToken) { TOKEN_PEPPER }: Pick<Config, 'TOKEN_PEPPER'>) {
    this.pepper = TOKEN_PEPPER;
  }

  seal(place: SecretPlace, secret: Uint8Array): Buffer {
    return sealBox({ key: this.keyOf(place) }, secret);
  }

  /** @throws Error where anything of it was changed, or it is another row's */
  open(place: SecretPlace, sealed: Uint8Array): Buffer {
    return openBox({ key: this.keyOf(place) }, sealed);
  }

  private keyOf({ userId, factorId }: SecretPlace): Buffer {
    const info = Buffer.from(`conclave factor secret\0${userId}\0${factorId}`);
    return Buffer.from(hkdfSync('sha256', this.pepper, Buffer.alloc(0), info, 32));
  }
}
