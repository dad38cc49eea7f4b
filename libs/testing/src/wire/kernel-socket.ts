import { readFileSync } from 'node:fs';

/** A TCP connection of this machine as the kernel has it. */
export interface KernelSocket {
  /** By name, where it matters here. */
  readonly state: 'established' | 'close-wait' | 'other';
  /** Bytes that have arrived and nobody has read. */
  readonly unread: number;
}

/**
 * What the kernel knows of the connection with this local port; undefined when there is none: it was closed, or reset by the other side.
 * On loopback all that leaves one side has arrived at the other.
 */
export function kernelSocket(localPort: number): KernelSocket | undefined {
  const wanted = localPort.toString(16).toUpperCase().padStart(4, '0');
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6'])
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const [, local = '', , state = '', queues = ''] = line.trim().split(/\s+/);
      if (!local.endsWith(`:${wanted}`)) continue;
      const unread = parseInt(queues.split(':')[1] ?? '0', 16);
      return { state: state === '01' ? 'established' : state === '08' ? 'close-wait' : 'other', unread };
    }
  return undefined;
}
