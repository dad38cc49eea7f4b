import type { IncomingHttpHeaders } from 'node:http';
import { readCookie, type Cookie } from './cookies.js';

/** The browser's session; it ends with the browser at the latest, and before that when auth says so. */
export const sessionCookie: Cookie = { name: '__Host-sid', sameSite: 'Lax' };

/** By which auth knows the browser at the next sign-in, for a month; it opens nothing by itself. */
export const deviceCookie: Cookie = { name: '__Host-device', sameSite: 'Strict', maxAgeSeconds: 30 * 24 * 60 * 60 };

/** The browser that signed up and has not proven its address yet: only there the mailed code counts. */
export const signUpCookie: Cookie = { name: '__Host-sign-up', sameSite: 'Strict', maxAgeSeconds: 60 * 60 };
/** Binds the steps of a sign-in to the browser that typed the password; it opens nothing by itself. */
export const stepCookie: Cookie = { name: '__Host-step', sameSite: 'Strict', maxAgeSeconds: 5 * 60 };

/** Binds what a device is to sign to the browser that asked for it; it opens nothing by itself. */
export const passkeyCookie: Cookie = { name: '__Host-passkey', sameSite: 'Strict', maxAgeSeconds: 5 * 60 };

/** Shape of a session token: opaque, url-safe. Anything else never reaches auth. */
const tokenShape = /^[A-Za-z0-9_-]{16,256}$/;

/** Shape of a bearer token that could be one of ours. */
const bearerShape = /^cnv_[A-Za-z0-9_-]{16,256}$/;

/** What a request offers as proof. */
export type Credential = { readonly kind: 'session' | 'personal-token'; readonly token: string };

/** The session token of a Cookie header. */
export function readSessionCookie(header: string | undefined): string | undefined {
  const value = readCookie(sessionCookie, header);
  return value !== undefined && tokenShape.test(value) ? value : undefined;
}

/** A bearer wins over a cookie: a page cannot set it for another site, so it needs no Origin. */
export function readCredential(headers: IncomingHttpHeaders): Credential | undefined {
  if (headers.authorization !== undefined) {
    const token = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? '';
    return bearerShape.test(token) ? { kind: 'personal-token', token } : undefined;
  }
  const token = readSessionCookie(headers.cookie);
  return token === undefined ? undefined : { kind: 'session', token };
}
