import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';

const pbkdf2AesGcm = 0x02;
const lastFragment = 0x80;

/**
 * MinIO wants the secrets in its admin requests encrypted under the caller's secret key: salt, algorithm, nonce, then
 * AES-256-GCM in fragments, each bound to the first one's tag. One fragment holds 16 KiB; our requests are smaller.
 */
export function adminSeal(secretKey: string, data: Uint8Array): Buffer {
  if (data.length > 16_384) throw new RangeError('an admin request of more than one fragment');
  const salt = randomBytes(32);
  const prefix = randomBytes(8);
  const key = pbkdf2Sync(secretKey, salt, 8192, 32, 'sha256');
  const seal = (sequence: number, plain: Uint8Array, bound: Uint8Array): Buffer => {
    const nonce = Buffer.alloc(12);
    prefix.copy(nonce);
    nonce.writeUInt32LE(sequence, 8);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const header = seal(0, new Uint8Array(), new Uint8Array());
  const body = seal(1, data, Buffer.concat([Buffer.of(lastFragment), header]));
  return Buffer.concat([salt, Buffer.of(pbkdf2AesGcm), prefix, body]);
}
