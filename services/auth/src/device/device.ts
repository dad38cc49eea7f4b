import { isIP } from 'node:net';

/** Where a person signs in from, as far as the gateway can tell. */
export interface Device {
  /** The browser, for the list of sessions; at most 256 characters, no control characters. May be empty. */
  readonly userAgent: string;
  /** IP address in its plain form; empty where the gateway saw none. */
  readonly address: string;
}

/** Reads what the gateway saw. */
export function readDevice({ userAgent, clientAddress }: { userAgent: string; clientAddress: string }): Device {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(clientAddress)?.[1];
  const address = mapped ?? clientAddress.toLowerCase();
  return { userAgent: userAgent.replace(/[\p{C}\p{Z}]+/gu, ' ').trim(), address };
}

/** The network that throttles count by: the address itself, or the /64 that an IPv6 customer moves in freely. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const full =
    tail === undefined ? groups : [...groups, ...Array<string>(8 - groups.length - rest.length).fill('0'), ...rest];
  return `${full
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
