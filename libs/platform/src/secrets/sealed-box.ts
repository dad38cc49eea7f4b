import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** What a box is sealed under. */
export interface BoxKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** What is authenticated with it and lies elsewhere; nothing where it is left out. */
  readonly bound?: Uint8Array;
}

/** Seals a few bytes for a row of a database: `01 | nonce | ciphertext | tag`, AES-256-GCM (NIST SP 800-38D) under a nonce of its own. */
export function sealBox({ key, bound = new Uint8Array() }: BoxKey, content: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(bound);
  return Buffer.concat([Buffer.of(version), nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error where anything of it was changed, or it was sealed under something else */
export function openBox({ key, bound = new Uint8Array() }: BoxKey, sealed: Uint8Array): Buffer {
  if (sealed[0] !== version || sealed.length < 1 + nonceBytes + tagBytes) throw new Error('not a sealed box');
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(bound);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const body = sealed.subarray(1 + nonceBytes, sealed.length - tagBytes);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
