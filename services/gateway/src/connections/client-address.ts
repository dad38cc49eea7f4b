import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { networkOf } from '@conclave/platform';

/** Tells from which address a request comes. A forwarded header counts only where a trusted proxy wrote it (ASVS 4.1.3). */
export class ClientAddress {
  private readonly trusted = new BlockList();
  private readonly anyTrusted: boolean;

  /** @param proxies addresses or CIDR ranges of our own proxies; empty means that no header counts */
  constructor(proxies: readonly string[]) {
    this.anyTrusted = proxies.length > 0;
    for (const proxy of proxies) {
      const [address = '', prefix] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.trusted.addAddress(address, family);
      else this.trusted.addSubnet(address, Number(prefix), family);
    }
  }

  /** The address nearest to us that is not one of our proxies. */
  of(request: IncomingMessage): string {
    const remote = this.peerOf(request.socket);
    if (!this.isProxy(request.socket)) return remote;
    const hops = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((hop) => plain(hop.trim()));
    // From the right: each trusted proxy vouches only for what it appended.
    for (const hop of hops.reverse()) {
      if (isIP(hop) === 0) return remote;
      if (!this.isTrusted(hop)) return hop;
    }
    return remote;
  }

  /** The address at the other end of a connection, our own proxy's too. */
  peerOf({ remoteAddress }: Socket): string {
    return plain(remoteAddress ?? '');
  }

  /** Whether one of our own proxies is at the other end. */
  isProxy(socket: Socket): boolean {
    return this.anyTrusted && this.isTrusted(this.peerOf(socket));
  }

  private isTrusted(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** The key under which an address is limited: one household holds a whole /64 of IPv6. */
export const limitKey = (address: string): string => networkOf(address).replace(/::\/64$/, '');
