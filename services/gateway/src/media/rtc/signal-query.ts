import type { IncomingHttpHeaders } from 'node:http';
import { DomainError, invalidArgument } from '@conclave/errors';
import { checkedJoinRequest } from './join-request.js';

/** Where livekit-client puts what opens the door. */
const ticketName = 'access_token';

/** The name of an admission; or three base64url parts, which a page of the release before holds. What they say, rooms decides. */
const ticketShape = /^([0-9a-f]{32}|[A-Za-z0-9_-]{1,4096}\.[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{1,1024})$/;

/** What livekit-client says at `/rtc`, beside the ticket; anything else, such as `publish`, is refused. */
const said: Readonly<Record<string, RegExp>> = {
  reconnect: /^[01]$/,
  sid: /^[A-Za-z0-9_]{1,64}$/,
  auto_subscribe: /^[01]$/,
  sdk: /^[a-z]{1,32}$/,
  version: /^[\w.+-]{1,32}$/,
  protocol: /^\d{1,4}$/,
  client_protocol: /^\d{1,4}$/,
  device_model: /^[\x20-\x7e]{1,128}$/,
  os: /^[\x20-\x7e]{1,64}$/,
  os_version: /^[\x20-\x7e]{1,64}$/,
  browser: /^[\x20-\x7e]{1,64}$/,
  browser_version: /^[\x20-\x7e]{1,64}$/,
  adaptive_stream: /^[01]$/,
  disable_ice_lite: /^[01]$/,
  subscriber_allow_pause: /^[01]$/,
  reconnect_reason: /^\d{1,4}$/,
  network: /^[a-z0-9]{1,32}$/,
};

/**
 * The one ticket of a request. Two of them are refused: another reader might read another one than the one we have checked.
 *
 * @throws DomainError UNAUTHENTICATED
 */
export function ticketIn(query: URLSearchParams, headers: IncomingHttpHeaders): string {
  const inHeader =
    headers.authorization === undefined ? [] : [/^Bearer +(\S+)$/i.exec(headers.authorization)?.[1] ?? ''];
  const tickets = [...query.getAll(ticketName), ...inHeader];
  const [ticket] = tickets;
  if (tickets.length !== 1 || ticket === undefined || !ticketShape.test(ticket))
    throw new DomainError('UNAUTHENTICATED');
  return ticket;
}

/**
 * The query as it goes on to LiveKit, without a token: every parameter known and there once, and written anew.
 *
 * @throws DomainError INVALID_ARGUMENT
 */
export function checkedQuery(path: string, query: URLSearchParams): URLSearchParams {
  const checked = new URLSearchParams();
  for (const [name, value] of query) {
    if (name === ticketName) continue;
    if (checked.has(name)) throw invalidArgument('query');
    checked.set(name, path.startsWith('/rtc/v1') ? inOne(name, value) : inParts(name, value));
  }
  return checked;
}

/** Since version 1 of the signalling everything is said in one parameter. */
function inOne(name: string, value: string): string {
  if (name !== 'join_request') throw invalidArgument('query');
  return checkedJoinRequest(value);
}

function inParts(name: string, value: string): string {
  const shape = Object.hasOwn(said, name) ? said[name] : undefined;
  if (!shape?.test(value)) throw invalidArgument('query');
  return value;
}

/** The address at LiveKit, with the token that rooms has made for this one connection. */
export function upstreamUrl(base: URL, path: string, checked: URLSearchParams, mediaToken: string): URL {
  const url = new URL(base);
  url.pathname = path;
  const query = new URLSearchParams(checked);
  query.set(ticketName, mediaToken);
  url.search = query.toString();
  return url;
}
