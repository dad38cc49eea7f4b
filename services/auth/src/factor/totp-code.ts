import { generateURI, verifySync } from 'otplib';

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, steps of 30 seconds. */
const stepSeconds = 30;
const secretBytes = 20;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export { secretBytes as totpSecretBytes };

/**
 * The step of time that a code belongs to: now, the one before or the one after. Undefined where it is none of them, or no code at all.
 */
export function stepOfCode(secret: Uint8Array, typed: string, now: Date): number | undefined {
  const token = typed.normalize('NFKC').replaceAll(/[\s\p{Pd}]/gu, '');
  if (!/^\d{6}$/.test(token)) return undefined;
  const epoch = Math.floor(now.getTime() / 1000);
  const found = verifySync({ secret: base32(secret), token, epoch, epochTolerance: stepSeconds });
  return found.valid && 'timeStep' in found ? found.timeStep : undefined;
}

/** What an authenticator app scans. */
export const totpUri = (secret: Uint8Array, account: string): string =>
  generateURI({ issuer: 'Conclave', label: account, secret: base32(secret) });

/** RFC 4648, without padding: as people type it. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let held = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += alphabet.charAt((buffer >> held) & 31);
    }
    buffer &= (1 << held) - 1;
  }
  return held > 0 ? text + alphabet.charAt((buffer << (5 - held)) & 31) : text;
}
