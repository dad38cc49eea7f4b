import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '@conclave/errors';

/** Three base64url parts; what they say, rooms decides. */
const tokenShape = /^[A-Za-z0-9_-]{1,4096}\.[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{1,1024}$/;

/**
 * The one media token of a request. Two of them are refused: LiveKit might read another one than the one we have
 * checked (it prefers the header).
 *
 * @throws DomainError UNAUTHENTICATED
 */
export function mediaTokenOf(query: URLSearchParams, headers: IncomingHttpHeaders): string {
  const inQuery = query.getAll('access_token');
  const inHeader =
    headers.authorization === undefined ? [] : [/^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? ''];
  const tokens = [...inQuery, ...inHeader];
  const [token] = tokens;
  if (tokens.length !== 1 || token === undefined || !tokenShape.test(token)) throw new DomainError('UNAUTHENTICATED');
  return token;
}

/** The query as it goes on to LiveKit: rebuilt, so that both sides read the same, with exactly the token we checked. */
export function upstreamQuery(query: URLSearchParams, token: string): string {
  const rebuilt = new URLSearchParams(query);
  rebuilt.delete('access_token');
  rebuilt.set('access_token', token);
  return rebuilt.toString();
}
