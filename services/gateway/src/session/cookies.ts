/** A cookie of ours. All are out of reach for scripts, and `__Host-` makes browsers insist on Secure, Path=/ and no Domain. */
export interface Cookie {
  readonly name: `__Host-${string}`;
  /** `Lax` also comes with a navigation from elsewhere; what must come with a form of elsewhere is `None`. */
  readonly sameSite: 'Lax' | 'Strict' | 'None';
  /** Without it the cookie ends with the browser. */
  readonly maxAgeSeconds?: number;
}

const valueShape = /^[A-Za-z0-9_.-]{0,4000}$/;

/** The Set-Cookie line that sets it. */
export function setCookie(cookie: Cookie, value: string): string {
  // A value that could end the attribute it stands in would be a bug of ours.
  if (!valueShape.test(value)) throw new TypeError(`the value of ${cookie.name} is not one of a cookie`);
  const life = cookie.maxAgeSeconds === undefined ? '' : `Max-Age=${cookie.maxAgeSeconds}; `;
  return `${cookie.name}=${value}; ${life}Path=/; Secure; HttpOnly; SameSite=${cookie.sameSite}`;
}

/** The Set-Cookie line that takes it away. */
export const clearCookie = (cookie: Cookie): string => setCookie({ ...cookie, maxAgeSeconds: 0 }, '');

/** Its value in a Cookie header; two of them are none, for one was planted. */
export function readCookie({ name }: Cookie, header: string | undefined): string | undefined {
  if (header === undefined || header.length > 8192) return undefined;
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && valueShape.test(value) ? value : undefined;
}
