import { request } from 'node:http';
import { serverRunner } from './choose.js';
import { onFileEnd } from './cleanup.js';
import type { SharedServer, SharedServers } from './facts.js';
import { LazyServers } from './lazy.js';
import { harnessVariable } from './serve.js';

let own: LazyServers | undefined;

/** Without a harness (a single file run by hand, a script) the servers belong to this process and end with the file. */
function ownServers(): LazyServers {
  if (!own) {
    own = new LazyServers(serverRunner());
    onFileEnd(() => own?.stop());
  }
  return own;
}

/** Facts about a shared server, which starts now if nobody has asked for it before. */
export async function ask<Name extends SharedServer>(name: Name): Promise<Awaited<ReturnType<SharedServers[Name]>>> {
  type Facts = Awaited<ReturnType<SharedServers[Name]>>;
  const socketPath = process.env[harnessVariable];
  if (!socketPath) return (await ownServers()[name]()) as Facts;
  return new Promise<Facts>((resolve, reject) => {
    // No agent: it would take up a socket again that the harness has closed after five idle seconds.
    request({ socketPath, path: `/${name}`, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(body) as Facts);
        else reject(new Error(`the harness could not start ${name}: ${body}`));
      });
    })
      .once('error', reject)
      .end();
  });
}
