import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** Whose secret it is, and which. */
export interface SecretPlace {
  readonly userId: string;
  readonly factorId: string;
}

/**
 * Seals secrets that must be read again, such as that of an authenticator app: `01 | nonce | ciphertext | tag`, AES-256-GCM (NIST SP 800-38D)
 * under HKDF-SHA-256 (RFC 5869) of the pepper, one key for each row. What is copied to another row does not open there.
 */
@Injectable()
export class SecretSeal {
  private readonly pepper: Uint8Array;

  constructor(@Inject(configToken) { TOKEN_PEPPER }: Pick<Config, 'TOKEN_PEPPER'>) {
    this.pepper = TOKEN_PEPPER;
  }

  seal(place: SecretPlace, secret: Uint8Array): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.keyOf(place), nonce);
    return Buffer.concat([Buffer.of(version), nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws Error where anything of it was changed, or it is another row's */
  open(place: SecretPlace, sealed: Uint8Array): Buffer {
    if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes) throw new Error('not a sealed secret');
    const nonce = sealed.subarray(1, 1 + nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', this.keyOf(place), nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const body = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }

  private keyOf({ userId, factorId }: SecretPlace): Buffer {
    const info = Buffer.from(`conclave factor secret\0${userId}\0${factorId}`);
    return Buffer.from(hkdfSync('sha256', this.pepper, Buffer.alloc(0), info, 32));
  }
}
