import { createHmac } from 'node:crypto';

/** Front of every invitation token, so that scanners and people recognise one. */
export const invitationPrefix = 'cnv_inv_';

/** Whether a string has the shape of a token: prefix and 256 bits in base64url. */
export const isInvitationToken = (value: string): boolean => /^cnv_inv_[A-Za-z0-9_-]{43}$/.test(value);

/** What is stored and looked up; the look-up by a keyed hash needs no comparison in constant time. */
export const invitationTokenHash = (pepper: Buffer, token: string): Buffer =>
  createHmac('sha256', pepper).update(`invitation\0${token}`).digest();
