import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { OperatorError } from '@conclave/platform';

/** Said before the manifest's bytes, so that this key signs nothing else that somebody may hand it. */
const label = Buffer.from('conclave-backup-manifest/1\n');
const publicForm = /^signer1([A-Za-z0-9_-]{43})$/;
const secretForm = /^SIGNER-SECRET-KEY-1([A-Za-z0-9_-]{43})$/;

/** What lies beside a manifest: who signed it, and the signature (Ed25519) in base64. */
export interface Signature {
  readonly signer: string;
  readonly signature: string;
}

/** Signs manifests: everything else in a backup is named in there with its hash. */
export class Signer {
  private readonly key: KeyObject;
  /** For those who check: `signer1…`. No secret. */
  readonly name: string;

  /** @param text a line SIGNER-SECRET-KEY-1…, as `backup-key.js --signing` writes it; comments are fine */
  constructor(text: string) {
    const line = text
      .split('\n')
      .map((each) => each.trim())
      .find((each) => each !== '' && !each.startsWith('#'));
    const seed = secretForm.exec(line ?? '')?.[1];
    if (!seed) throw new OperatorError('BACKUP_SIGNING_KEY is none: `node dist/backup-key.js --signing` makes one.');
    const pkcs8 = Buffer.concat([
      Buffer.from('302e020100300506032b657004220420', 'hex'),
      Buffer.from(seed, 'base64url'),
    ]);
    this.key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    this.name = nameOf(createPublicKey(this.key));
  }

  sign(manifest: Uint8Array): Signature {
    const signature = sign(null, Buffer.concat([label, manifest]), this.key).toString('base64');
    return { signer: this.name, signature };
  }
}

/** A new key to sign with, and its public name. */
export function newSigner(): { secret: string; name: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { d = '' } = privateKey.export({ format: 'jwk' });
  return { secret: `SIGNER-SECRET-KEY-1${d}`, name: nameOf(publicKey) };
}

/** Those whose backups are believed. */
export class Signers {
  /** @param names `signer1…`, at least one */
  constructor(private readonly names: readonly string[]) {
    const wrong = names.length === 0 ? 0 : names.findIndex((name) => !publicForm.test(name));
    if (wrong >= 0)
      throw new OperatorError(
        `BACKUP_SIGNERS: name ${wrong + 1} is no signer (signer1…), as \`node dist/backup-key.js --signing\` prints it.`,
      );
  }

  /** Whether one of them signed these very bytes. */
  signed(manifest: Uint8Array, { signer, signature }: Signature): boolean {
    const x = publicForm.exec(signer)?.[1];
    if (!x || !this.names.includes(signer)) return false;
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.concat([label, manifest]), key, Buffer.from(signature, 'base64'));
  }
}

const nameOf = (key: KeyObject): string => `signer1${key.export({ format: 'jwk' }).x ?? ''}`;
