import type { ServerName } from '../pins.js';
import { findServer, type FindOptions, type ServerBinary } from './find-server.js';

/** What compiling one server takes at its peak, while it is linked. */
const memoryOfBuild = 3 * 1024 ** 3;

/** So many servers are built side by side: as many as memory allows. */
export const lanesFor = (freeBytes: number): number => Math.max(1, Math.floor(freeBytes / memoryOfBuild));

/**
 * Finds several servers. Those that have to be compiled are compiled side by side as far as memory allows: one is linked, which
 * takes one core, while another compiles.
 */
export async function findServers<Name extends ServerName>(
  names: readonly Name[],
  options: FindOptions = {},
  freeBytes: number = process.availableMemory(),
): Promise<Record<Name, ServerBinary>> {
  const found = new Map<Name, ServerBinary>();
  const said = new Map<Name, string>();
  const waiting = [...names];
  const lane = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const own = name;
      const progress = (line: string): void => {
        said.set(own, line);
        options.progress?.([...said.values()].join(' · '));
      };
      found.set(own, await findServer(own, { ...options, ...(options.progress ? { progress } : {}) }));
      said.delete(own);
    }
  };
  const lanes = Array.from({ length: Math.min(names.length, lanesFor(freeBytes)) }, lane);
  // All have come to their end before the first failure is told: nothing goes on behind one's back.
  const failed = (await Promise.allSettled(lanes)).find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return Object.fromEntries(found) as Record<Name, ServerBinary>;
}
