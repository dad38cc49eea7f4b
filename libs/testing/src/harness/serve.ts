import { createServer } from 'node:http';
import { join } from 'node:path';
import { announce, chooseBackEnd, choiceVariable, serverRunner } from './choose.js';
import { sharedServers, type SharedServer } from './facts.js';
import { temporaryFolder } from './folder.js';
import { LazyServers } from './lazy.js';

/** Name of the variable under which the workers of a run find the harness. */
export const harnessVariable = 'CONCLAVE_TEST_HARNESS';

/** The harness of one run. */
export interface Harness {
  close(): Promise<void>;
}

/**
 * Opens the harness in the main process of a run. Workers ask it for a server over a socket in a folder that only this
 * user may enter; so a server starts once per run, and only if some spec needs it.
 */
export async function openHarness(): Promise<Harness> {
  const folder = temporaryFolder('harness');
  const { kind, why } = await chooseBackEnd();
  announce(`${kind}, because ${why}`);
  process.env[choiceVariable] = kind;
  const servers = new LazyServers(serverRunner());
  const http = createServer((request, response) => {
    const name = (request.url ?? '').slice(1) as SharedServer;
    if (!sharedServers.includes(name)) return response.writeHead(404).end();
    servers[name]().then(
      (facts) => response.end(JSON.stringify(facts)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
    return undefined;
  });
  const path = join(folder.path, 'socket');
  await new Promise<void>((resolve, reject) => http.once('error', reject).listen(path, resolve));
  http.unref();
  process.env[harnessVariable] = path;
  return {
    close: async () => {
      http.close();
      await servers.stop();
      folder.remove();
    },
  };
}
