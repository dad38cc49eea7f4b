import type { IncomingHttpHeaders } from 'node:http';

/** `__Host-` makes browsers insist on Secure, Path=/ and no Domain, so no sibling host can plant it. */
export const sessionCookieName = '__Host-sid';

/** Shape of a session token: opaque, url-safe. Anything else never reaches auth. */
const tokenShape = /^[A-Za-z0-9_-]{16,256}$/;

/** Shape of a bearer token that could be one of ours. */
const bearerShape = /^cnv_[A-Za-z0-9_-]{16,256}$/;

/** What a request offers as proof. */
export type Credential = { readonly kind: 'session' | 'personal-token'; readonly token: string };

/** The session token of a Cookie header; two of them are none, for one was planted. */
export function readSessionCookie(header: string | undefined): string | undefined {
  if (header === undefined || header.length > 8192) return undefined;
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${sessionCookieName}=`))
    .map((pair) => pair.slice(sessionCookieName.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && tokenShape.test(value) ? value : undefined;
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

const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** Sets the session; it ends with the browser at the latest, and before that when auth says so. */
export const setSessionCookie = (token: string): string => `${sessionCookieName}=${token}; ${attributes}`;

/** Takes the session away. */
export const clearSessionCookie = (): string => `${sessionCookieName}=; Max-Age=0; ${attributes}`;
