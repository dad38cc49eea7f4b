import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { configToken, type Config } from '../config.js';

/** A public key as verifiers know it. */
export interface ListedKey {
  readonly kid: string;
  readonly publicKeyPem: string;
}

/** The keys of this installation. They come from the configuration alone: a row in a database could be planted. */
@Injectable()
export class SigningKeys {
  /** Signs. */
  readonly privateKey: KeyObject;
  /** Id of the key that signs. */
  readonly kid: string;
  private readonly listed: readonly ListedKey[];

  constructor(@Inject(configToken) config: Pick<Config, 'SIGNING_KEY' | 'SIGNING_KEY_PREVIOUS'>) {
    const { SIGNING_KEY: current, SIGNING_KEY_PREVIOUS: previous } = config;
    this.privateKey = current;
    this.listed = [createPublicKey(current), ...(previous ? [previous] : [])].map((key) => ({
      kid: thumbprint(key),
      publicKeyPem: key.export({ type: 'spki', format: 'pem' }).toString(),
    }));
    this.kid = thumbprint(createPublicKey(current));
  }

  /** The present key and the one before it; what verifiers must know. */
  list(): readonly ListedKey[] {
    return this.listed;
  }
}

/** JWK thumbprint of RFC 7638: the members that define the key, in the order the RFC demands. */
function thumbprint(publicKey: KeyObject): string {
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
