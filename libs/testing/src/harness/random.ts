import { randomBytes } from 'node:crypto';

/** A fresh secret. Tests have no built-in ones either. */
export const randomSecret = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** A short name that no other spec has. */
export const randomName = (): string => randomBytes(6).toString('hex');
