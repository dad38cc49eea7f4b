/**
 * Has files encrypt as `request.pipe(cipher)` with a running HMAC does: one stream of Node's cipher on the event loop. Everything else
 * is the service as it is. For benchmarks alone, loaded before the service by `node --import`: there is no setting that does this.
 */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { SealingPool } from '@conclave/sealing/node';
import './unchecked-store.mjs';

const SLOT = 65_600;
const SEGMENT = 65_536;
const IV = 16;

SealingPool.prototype.seal = async ({ buffer }) => {
  const wire = Buffer.from(buffer);
  const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(IV));
  const hmac = createHmac('sha256', randomBytes(32));
  for (let at = IV; at < wire.length; at += SLOT) {
    const plain = wire.subarray(at, at + SEGMENT);
    const sealed = cipher.update(plain);
    hmac.update(sealed);
    sealed.copy(plain);
  }
  hmac.digest();
  return { wire, crc32: 0 };
};
