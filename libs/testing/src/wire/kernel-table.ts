import { readFileSync } from 'node:fs';
import { SocketAddress } from 'node:net';

/** One side of a TCP connection. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The TCP connections of this machine, as the kernel has them at one moment. */
export class KernelTable {
  private constructor(private readonly lines: readonly string[]) {}

  /** Takes a fraction of a millisecond to tens of them: on a machine with thousands of connections look once for all who ask. */
  static read(): KernelTable {
    return new KernelTable(
      ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => readFileSync(table, 'utf8').split('\n').slice(1)),
    );
  }

  /**
   * Whether there is anything of a connection at its end `here`: it stands, or was closed in order and that is not over yet. By both of its
   * ends: from the same port another connection may lead elsewhere.
   */
  has(here: Endpoint, there: Endpoint): boolean {
    return this.lines.some((line) => {
      const [, local = '', remote = ''] = line.trim().split(/\s+/, 3);
      return isAt(local, here) && isAt(remote, there);
    });
  }
}

/** Whether what a table has written, such as `0100007F:1F90`, is this end. */
function isAt(written: string, { address, port }: Endpoint): boolean {
  const [words = '', hex = ''] = written.split(':');
  return parseInt(hex, 16) === port && plain(addressOf(words)) === plain(address);
}

/** Each word of four bytes is written as the number that it is to this machine, which has the last byte first. */
function addressOf(words: string): string {
  const bytes = [...words.matchAll(/.{8}/g)].flatMap(([word]) => [...Buffer.from(word, 'hex').reverse()]);
  if (bytes.length === 4) return bytes.join('.');
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/.{4}(?!$)/g, '$&:');
}

/** One spelling of an address. IPv4 is itself, also where IPv6 carries it. */
function plain(address: string): string {
  const spelt = address.includes(':') ? new SocketAddress({ address, family: 'ipv6' }).address : address;
  return spelt.replace(/^::ffff:(?=\d+\.)/, '');
}
